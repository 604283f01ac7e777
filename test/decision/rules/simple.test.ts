import { describe, expect, test } from 'vitest';
import { judge } from '../../../decision';

describe('ceiling', () => {
  test('passes at the limit and fails above it', () => {
    expect(judge({ kind: 'ceiling', maximum: 5 }, { value: 5, samples: 1 }).kind).toBe('pass');
    expect(judge({ kind: 'ceiling', maximum: 5 }, { value: 5.01, samples: 1 }).kind).toBe('fail');
    expect(judge({ kind: 'ceiling', minimum: 2 }, { value: 1.99, samples: 1 }).kind).toBe('fail');
    expect(judge({ kind: 'ceiling', maximum: 0 }, { value: 0, samples: 1 }).kind).toBe('pass');
  });

  test('holds when the number rests on too few samples', () => {
    const rule = { kind: 'ceiling', maximum: 5, minimumSamples: 100 } as const;
    expect(judge(rule, { value: 1, samples: 99 })).toMatchObject({
      kind: 'hold',
      reason: expect.stringContaining('99'),
    });
  });

  test('passes at a minimum, and where both limits meet; says on which side a value lies', () => {
    expect(judge({ kind: 'ceiling', minimum: 2 }, { value: 2, samples: 1 }).kind).toBe('pass');
    expect(judge({ kind: 'ceiling', minimum: 2, maximum: 2 }, { value: 2, samples: 1 }).kind).toBe('pass');
    expect(judge({ kind: 'ceiling', minimum: 2, maximum: 3 }, { value: 1, samples: 1 }).reason).toBe(
      '1 is below the minimum of 2',
    );
    expect(judge({ kind: 'ceiling', minimum: 2, maximum: 3 }, { value: 4, samples: 1 }).reason).toBe(
      '4 is above the maximum of 3',
    );
  });

  test('holds without any limit, and when its limits cross', () => {
    expect(judge({ kind: 'ceiling' }, { value: 2, samples: 1 }).reason).toBe('maximum or minimum must be given');
    expect(judge({ kind: 'ceiling', minimum: 3, maximum: 2 }, { value: 2, samples: 1 }).kind).toBe('hold');
  });

  test('carries what a replay needs', () => {
    expect(judge({ kind: 'ceiling', maximum: 5 }, { value: 4, samples: 3 }).evidence).toEqual({
      rule: 'ceiling',
      version: 1,
      value: 4,
      samples: 3,
      minimum: '-Infinity',
      maximum: 5,
      minimumSamples: 1,
    });
  });

  test('keeps the evidence plain JSON', () => {
    const { evidence } = judge({ kind: 'ceiling', maximum: 5 }, { value: 1, samples: 1 });
    expect(JSON.parse(JSON.stringify(evidence))).toEqual(evidence);
  });
});

describe('alarm', () => {
  const rule = { kind: 'alarm', alarms: ['a', 'b'] } as const;
  const levels = (a: string, b: string) => ({
    alarms: [
      { name: 'a', state: a },
      { name: 'b', state: b },
    ],
  });

  test('passes when every alarm is OK, fails when one is in ALARM', () => {
    expect(judge(rule, levels('OK', 'OK')).kind).toBe('pass');
    expect(judge(rule, levels('OK', 'ALARM')).kind).toBe('fail');
    expect(judge(rule, levels('INSUFFICIENT_DATA', 'ALARM')).kind).toBe('fail');
  });

  test('fails on an alarm that is reported twice when either report rings', () => {
    const twice = { alarms: [...levels('OK', 'OK').alarms, { name: 'a', state: 'ALARM' }] };
    expect(judge(rule, twice)).toMatchObject({
      kind: 'fail',
      reason: 'a in ALARM',
      evidence: { rule: 'alarm', version: 1, states: { a: 'ALARM', b: 'OK' } },
    });
  });

  test('holds on what is no name and no state, and says so', () => {
    const judgeAnything = judge as (rule: unknown, data: unknown) => { kind: string; reason: string };
    expect(judgeAnything({ kind: 'alarm', alarms: [''] }, { alarms: [{ name: '', state: 'OK' }] }).reason).toBe(
      'alarms must be names, got the text ""',
    );
    expect(judgeAnything({ kind: 'alarm', alarms: [7] }, { alarms: [{ name: 7, state: 'OK' }] }).reason).toBe(
      'alarms must be names, got 7',
    );
    expect(judgeAnything(rule, levels('OK', 3 as never))).toMatchObject({
      reason: 'alarm b is 3',
      evidence: { states: { a: 'OK', b: '3' } },
    });
    expect(judge(rule, levels('INSUFFICIENT_DATA', 'OK')).reason).toBe('alarm a is INSUFFICIENT_DATA');
  });

  test('holds when an alarm is missing, doubtful or unknown', () => {
    expect(judge(rule, levels('OK', 'INSUFFICIENT_DATA')).kind).toBe('hold');
    expect(judge(rule, levels('OK', 'ok')).kind).toBe('hold');
    expect(judge(rule, { alarms: [{ name: 'a', state: 'OK' }] }).reason).toContain('b was not found');
    expect(judge({ kind: 'alarm', alarms: [] }, levels('OK', 'OK')).kind).toBe('hold');
    expect(judge(rule, { alarms: [...levels('OK', 'OK').alarms, { name: 'a', state: 'OK' }] }).kind).toBe('hold');
  });
});

describe('judge', () => {
  const said = (rule: unknown, data: unknown) => (judge as (rule: unknown, data: unknown) => unknown)(rule, data);
  const kinds =
    'alarm, ceiling, countDifference, countRatio, disagreement, drift, exceedance, fairness, mean, numericDifference, ' +
    'offline, sampleRatio, watch';

  test('says what was wrong with a rule or with data of another shape', () => {
    const hold = (reason: string, evidence = {}) => ({ kind: 'hold', reason, evidence });
    expect(said(null, {})).toEqual(hold('a rule must be an object, got null'));
    expect(said([], {})).toEqual(hold('a rule must be an object, got a list'));
    expect(said({ kind: 'x' }, {})).toEqual(hold(`kind must be one of ${kinds}, got the text "x"`));
    expect(said({ kind: ['ceiling'], maximum: 5 }, { value: 4, samples: 1 })).toEqual(
      hold(`kind must be one of ${kinds}, got a list`),
    );
    expect(said({ kind: 'ceiling' }, 7)).toEqual(hold('data must be an object, got 7', { rule: 'ceiling' }));
    expect(said({ kind: 'ceiling' }, [7])).toEqual(hold('data must be an object, got a list', { rule: 'ceiling' }));
  });

  test('says that it could not judge when its input breaks', () => {
    const broken = (error: unknown) => ({
      get value() {
        throw error;
      },
    });
    const rule = { kind: 'ceiling', maximum: 5 };
    const sentence = 'the rule could not judge this input';
    expect(said(rule, broken(new Error('broken')))).toMatchObject({ kind: 'hold', reason: `${sentence}: broken` });
    expect(said(rule, broken('broken'))).toMatchObject({ kind: 'hold', reason: `${sentence}: unknown failure` });
  });

  test('fails closed on a rule it does not know', () => {
    const judgeAnything = judge as (rule: unknown, data: unknown) => { kind: string; reason: string };
    for (const rule of [
      null,
      undefined,
      3,
      'ceiling',
      [],
      {},
      { kind: 'toString' },
      { kind: '__proto__' },
      { kind: 7 },
    ]) {
      const verdict = judgeAnything(rule, {});
      expect(verdict.kind).toBe('hold');
      expect(verdict.reason).not.toBe('');
    }
  });
});
