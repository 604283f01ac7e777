import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { KNOBS } from '../../rehearsal/knobs';
import sources from '../../rehearsal/sources.json';

const root = fileURLToPath(new URL('../../rehearsal/', import.meta.url));
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, text: readFileSync(root + file, 'utf8') }));
const cited = (text: string) => [...text.matchAll(/^\s*\/\/ source: (.+)$/gm)].flatMap(([, ids]) => ids.split(/,\s*/));

/** Folders that embed behaviour of AWS: every file in them that does something must say where it is from. */
const EMBEDDED = /^(sagemaker|cloudwatch|cloudformation|states|services|iam|lambda|traffic)\//;
/** Machinery of ours in those folders: data structures, plumbing, parsing. No claim about AWS is made there. */
const MACHINERY = new Set(
  `cloudformation/assembly.ts cloudformation/resource-provider.ts
  cloudwatch/composite-rule.ts cloudwatch/histogram.ts
  iam/policy.ts
  lambda/fake-http.ts lambda/fake-modules.ts lambda/sandbox-globals.ts lambda/sandbox.ts lambda/wire.ts
  sagemaker/router.ts
  services/aws-error.ts services/dynamodb/expression-reader.ts services/operations.ts services/service.ts
  states/attempt.ts states/errors.ts states/integrations.ts states/thread.ts states/types/index.ts
  traffic/behaviour-now.ts traffic/samplers.ts traffic/traffic-options.ts traffic/truth-ledger.ts`.split(/\s+/),
);
const doesSomething = (text: string) => /^\s*(export )?(async )?function |=> |^export class /m.test(text);

describe('sources of embedded behaviour', () => {
  test('every citation names a source', () => {
    const unknown = files.flatMap(({ file, text }) =>
      cited(text)
        .filter((id) => !Object.hasOwn(sources, id))
        .map((id) => `${file}: ${id}`),
    );
    expect(unknown).toEqual([]);
  });

  test('every source is cited', () => {
    const all = new Set(files.flatMap(({ text }) => cited(text)));
    expect(Object.keys(sources).filter((id) => !all.has(id))).toEqual([]);
  });

  test('every file that embeds behaviour of AWS cites a source', () => {
    const uncited = files.filter(
      ({ file, text }) =>
        EMBEDDED.test(file) && !MACHINERY.has(file) && doesSomething(text) && cited(text).length === 0,
    );
    expect(uncited.map(({ file }) => file)).toEqual([]);
  });

  test('a source is recorded or documented with a link, or a knob', () => {
    for (const [id, source] of Object.entries<{ kind: string; link?: string; knobs?: string[] }>(sources)) {
      expect(['recorded', 'documented', 'knob'], id).toContain(source.kind);
      if (source.kind === 'knob') expect(Object.keys(KNOBS), id).toEqual(expect.arrayContaining(source.knobs ?? []));
      else expect(source.link, id).toMatch(/^https:\/\//);
    }
  });

  test('every knob is read somewhere', () => {
    const text = files
      .filter(({ file }) => file !== 'knobs.ts')
      .map((one) => one.text)
      .join('\n');
    expect(Object.keys(KNOBS).filter((name) => !new RegExp(`knobs\\.${name}\\b`).test(text))).toEqual([]);
  });
});
