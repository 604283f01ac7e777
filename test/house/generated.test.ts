import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { expect, test } from 'vitest';
import schema from '../../rehearsal/outcome.schema.json';
import { promoted, rolledBack, safe, unsafe } from '../rehearsal/report/fixture';

const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);

test('what is generated is committed as it would be generated now', () => {
  const script = `import('./scripts/docs.mjs').then(async ({ generated }) => console.log(JSON.stringify(await generated())))`;
  const text = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', maxBuffer: 1 << 26 });
  for (const [file, wanted] of Object.entries(JSON.parse(text))) {
    // After a change of rehearsal/outcome.ts, knobs.ts or sources.json: npm run docs.
    expect(`${file}\n${readFileSync(file, 'utf8')}`).toBe(`${file}\n${wanted}`);
  }
});

test('the schema takes an outcome and a matrix of outcomes', () => {
  for (const outcome of [rolledBack, promoted, safe, unsafe]) {
    expect(validate(outcome) || validate.errors).toBe(true);
  }
});

test.each([
  ['an unknown ending', { ...rolledBack, outcome: 'fine' }],
  ['a missing figure', { ...rolledBack, badRequests: undefined }],
  ['a figure that is no number', { ...rolledBack, detectSeconds: 'soon' }],
  ['another version of the schema', { ...rolledBack, schemaVersion: 2 }],
  ['a field that is not in it', { ...rolledBack, mood: 'good' }],
])('fails %s', (_, outcome) => {
  expect(validate(outcome)).toBe(false);
});
