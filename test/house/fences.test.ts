import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

// What a tired engineer might write, and the fence that must stop it.
const PLANTED: Record<string, [source: string, fence: string]> = {
  'decision/clock.ts': ["import { readFileSync } from 'node:fs';\nexport const a = readFileSync;", 'decision-is-pure'],
  'decision/stack.ts': ["import { Stack } from 'aws-cdk-lib';\nexport const a = Stack;", 'decision-is-pure'],
  'lib/endpoint/run.ts': ["import { b } from '../../lambda/job/handler';\nexport const a = b;", 'lib-declares'],
  'lib/bases/early.ts': [
    "import type { T } from '../endpoint/late';\nexport type A = T;",
    'lib-bases-imports-leftwards',
  ],
  'lib/gates/sibling.ts': [
    "import { c } from '../alarms/other';\nexport const a = c;",
    'lib--strategies-gates-alarms--imports-leftwards',
  ],
  'lambda/job/sdk.ts': [
    "import { SageMakerClient } from '@aws-sdk/client-sagemaker';\nexport const a = SageMakerClient;",
    'lambda-job',
  ],
  'lambda/job/neighbour.ts': ["import { d } from '../second/x';\nexport const a = d;", 'lambda-job'],
  'rehearsal/judge.ts': ["import { e } from '../decision/fine';\nexport const a = e;", 'rehearsal-is-no-mirror'],
  'rehearsal/cdk.ts': ["import { App } from 'aws-cdk-lib';\nexport const a = App;", 'rehearsal-has-no-client'],
};
const INNOCENT: Record<string, string> = {
  'decision/fine.ts': 'export const e = 1;',
  'lib/endpoint/late.ts': "import { Stack } from 'aws-cdk-lib';\nexport type T = Stack;",
  'lib/alarms/other.ts': 'export const c = 1;',
  'lambda/job/handler.ts': "import { e } from '../../decision/fine';\nexport const b = e;",
  'lambda/second/x.ts': 'export const d = 1;',
};

let folder: string;
let found: { readonly from: string; readonly rule: { readonly name: string } }[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fences-'));
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json']) cpSync(file, join(folder, file));
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
  const planted = Object.entries(PLANTED).map(([file, [source]]) => [file, source]);
  for (const [file, source] of [...planted, ...Object.entries(INNOCENT)]) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), source);
  }
  mkdirSync(join(folder, 'bin'), { recursive: true });
  const args = ['decision', 'lib', 'lambda', 'rehearsal', 'bin', '--config', '.dependency-cruiser.cjs'];
  const cruise = join('node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  let report = '';
  try {
    report = execFileSync(process.execPath, [cruise, ...args, '--output-type', 'json'], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
  } catch (error) {
    report = (error as { readonly stdout: string }).stdout;
  }
  found = JSON.parse(report).summary.violations;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(Object.entries(PLANTED).map(([file, [, fence]]) => [file, fence]))(
  'fails %s at the fence %s',
  (file, fence) => {
    expect(found.filter(({ from }) => from === file).map(({ rule }) => rule.name)).toContain(fence);
  },
);

test('lets through what the table allows', () => {
  expect(found.filter(({ from }) => from in INNOCENT)).toEqual([]);
});
