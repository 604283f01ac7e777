import { describe, expect, test } from 'vitest';
import { ruleKinds } from '../../../decision';
import { expectHold, judgeAnything, table } from './broken-inputs';
import { passing } from './samples';

describe('a table of broken inputs', () => {
  test('has at least 500 entries', () => {
    expect(table.reduce((sum, entry) => sum + entry.cases.length, 0)).toBeGreaterThan(500);
  });

  test.each(ruleKinds)('starts from an input that passes: %s', (kind) => {
    const { rule, data } = passing[kind];
    expect(judgeAnything(rule, data)).toMatchObject({ kind: 'pass' });
  });

  for (const { kind, cases } of table) {
    describe(kind, () => {
      test.each(cases)(`${kind} holds when $name`, expectHold);
    });
  }
});
