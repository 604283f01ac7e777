import { describe, test } from 'vitest';
import { expectHold, table } from './broken-inputs';

// What bad-input.test.ts says one by one, as one test a rule: mutation testing runs it for every change of a source.
describe('a table of broken inputs', () => {
  test.each(table)('holds on every one for $kind', ({ cases }) => {
    for (const one of cases) expectHold(one);
  });
});
