import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sourceFiles } from './sources';

const bundles = () => sourceFiles(['dist/lambda'], '.js');

test('there is one bundle for each job, called index.js', () => {
  const jobs = sourceFiles(['lambda'], 'handler.ts').map((file) => file.split('/')[1]);
  expect(jobs.length).toBeGreaterThan(0);
  expect(bundles()).toEqual(jobs.map((job) => `dist/lambda/${job}/index.js`));
});

test('no handler is larger than 400 kB', () => {
  const large = bundles().filter((file) => statSync(file).size > 400_000);
  expect(large.map((file) => `${file}: ${statSync(file).size}`)).toEqual([]);
});

test('no handler carries the CDK or loads anything but Node itself', () => {
  for (const file of bundles()) {
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain('aws-cdk-lib');
    const required = [...text.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name.replace(/^node:/, ''));
    // The SDK asks for an optional signer, for calls that no handler makes, and does without.
    const foreign = required.filter((name) => !/^[a-z0-9_]+(\/[a-z]+)?$/.test(name));
    expect(foreign.filter((name) => name !== '@aws-sdk/signature-v4-crt')).toEqual([]);
    // A dynamic import cannot run inside the rehearsal's sandbox.
    expect(text).not.toMatch(/[^.\w$]import\(/);
  }
});

test('a handler exports handler, and its file is at most 15 lines', () => {
  for (const file of sourceFiles(['lambda'], 'handler.ts')) {
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(/export const handler\b/);
    const code = text.split('\n').filter((line) => line.trim() !== '' && !/^\s*(\/\/|\/?\*|import )/.test(line));
    expect(`${file}: ${code.length <= 15}`).toBe(`${file}: true`);
  }
});

test('the same sources give the same bytes, from another path too', () => {
  const before = new Map(bundles().map((file) => [file, readFileSync(file, 'utf8')]));
  const elsewhere = mkdtempSync(join(tmpdir(), 'bundles-'));
  try {
    for (const folder of ['lambda', 'decision', 'scripts', 'tsconfig.json', 'package.json']) {
      execFileSync('cp', ['-r', folder, elsewhere]);
    }
    execFileSync('ln', ['-s', join(process.cwd(), 'node_modules'), join(elsewhere, 'node_modules')]);
    execFileSync(process.execPath, ['scripts/bundle.mjs', 'lambda'], { cwd: elsewhere, stdio: 'inherit' });
    for (const [file, text] of before) {
      expect(existsSync(join(elsewhere, file))).toBe(true);
      expect(readFileSync(join(elsewhere, file), 'utf8') === text).toBe(true);
    }
  } finally {
    rmSync(elsewhere, { recursive: true, force: true });
  }
});
