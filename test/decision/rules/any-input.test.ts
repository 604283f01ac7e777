import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ruleKinds } from '../../../decision';
import { judgeAnything } from './broken-inputs';
import { passing } from './samples';

describe('anything at all', () => {
  test('never passes and never throws: random rules over random data', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (rule, data) => {
        expect(judgeAnything(rule, data).kind).toBe('hold');
      }),
      { numRuns: 300 },
    );
  });

  test.each(ruleKinds)('never passes %s on random data', (kind) => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true, withSparseArray: true }), (data) => {
        expect(judgeAnything(passing[kind].rule, data).kind).toBe('hold');
      }),
      { numRuns: 100 },
    );
  });

  test('holds when a getter throws', () => {
    const trap = new Proxy(
      {},
      {
        get: () => {
          throw new Error('broken');
        },
      },
    );
    expect(judgeAnything(passing.ceiling.rule, trap)).toMatchObject({ kind: 'hold' });
    expect(judgeAnything(trap, {})).toMatchObject({ kind: 'hold' });
  });
});

describe('data that cannot be true', () => {
  const { rule, data } = passing.countDifference as unknown as {
    rule: object;
    data: { asOf: number; periods: { start: number; challenger: object; champion: object }[] };
  };
  const periods = (change: (list: typeof data.periods) => unknown[]) =>
    judgeAnything(rule, { ...data, periods: change([...data.periods]) });

  test('holds on a repeated period, on periods out of order and on a period that has not closed', () => {
    expect(periods((list) => [list[0], ...list]).reason).toContain('must begin after the period before it ended');
    expect(periods((list) => [list[1], list[0], ...list.slice(2)]).kind).toBe('hold');
    expect(judgeAnything(rule, { ...data, asOf: data.asOf - 1 }).reason).toContain('must have ended by asOf');
  });

  test('holds on more errors than requests and says where', () => {
    const verdict = periods((list) => [{ ...list[0], challenger: { sum: 11, count: 10 } }, ...list.slice(1)]);
    expect(verdict).toMatchObject({
      kind: 'hold',
      reason: 'periods[0].challenger must not have more events than samples, got 11 of 10',
    });
  });

  test('holds on data that stops long before it was read', () => {
    expect(judgeAnything(rule, { ...data, asOf: data.asOf + 3600 }).reason).toContain(
      'no data of every arm for 3600 s',
    );
  });

  test('holds on no data at all, and on one arm alone', () => {
    expect(periods(() => []).reason).toContain('no data of every arm at all');
    expect(periods((list) => list.map((period) => ({ ...period, champion: null }))).kind).toBe('hold');
    expect(periods((list) => list.map((period) => ({ ...period, challenger: { sum: 0, count: 0 } }))).kind).toBe(
      'hold',
    );
  });

  test('counts the problems that it does not name', () => {
    const verdict = periods((list) => list.map((period) => ({ ...period, champion: { sum: -1, count: 5 } })));
    expect(verdict.reason).toContain('and 177 more problems');
  });
});
