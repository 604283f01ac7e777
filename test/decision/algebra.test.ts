import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allMustPass, atDeadline, splitAlpha, type Verdict, type VerdictKind, worstKind } from '../../decision';

const verdict = (kind: VerdictKind): Verdict => ({ kind, reason: `says ${kind}`, evidence: {} });
const kinds = fc.array(fc.constantFrom<VerdictKind>('pass', 'fail', 'hold'), { maxLength: 6 });
const named = (list: readonly VerdictKind[]) => list.map((kind, i) => ({ name: `g${i}`, verdict: verdict(kind) }));

describe('algebra of verdicts', () => {
  test('worst wins', () => {
    expect(worstKind(['pass', 'hold', 'fail'])).toBe('fail');
    expect(worstKind(['pass', 'hold'])).toBe('hold');
    expect(worstKind(['pass', 'pass'])).toBe('pass');
  });

  test('no gate at all is hold, and so is a word nobody knows', () => {
    expect(worstKind([])).toBe('hold');
    expect(allMustPass([]).kind).toBe('hold');
    expect(worstKind(['pass', 'PASS' as VerdictKind])).toBe('hold');
  });

  test('adding a gate never turns hold or fail into pass', () => {
    fc.assert(
      fc.property(kinds, fc.constantFrom<VerdictKind>('pass', 'fail', 'hold'), (list, more) => {
        const before = allMustPass(named(list)).kind;
        const after = allMustPass(named([...list, more])).kind;
        if (list.length > 0 && before !== 'pass') expect(after).not.toBe('pass');
        if (before === 'fail') expect(after).toBe('fail');
      }),
    );
  });

  test('the order of gates does not matter', () => {
    fc.assert(
      fc.property(kinds, (list) => {
        expect(worstKind([...list].reverse())).toBe(worstKind(list));
      }),
    );
  });

  test('the reason names every gate that is in the way', () => {
    const all = allMustPass(named(['pass', 'hold', 'hold']));
    expect(all.reason).toBe('g1: says hold; g2: says hold');
    expect(all.evidence['g1']).toMatchObject({ kind: 'hold' });
  });

  test('says fail of those that fail, pass when all pass, and why when there is none', () => {
    expect(allMustPass(named(['pass', 'fail', 'hold', 'fail']))).toMatchObject({
      kind: 'fail',
      reason: 'g1: says fail; g3: says fail',
    });
    expect(allMustPass(named(['pass', 'pass']))).toMatchObject({
      kind: 'pass',
      reason: 'g0: says pass; g1: says pass',
    });
    expect(allMustPass([])).toMatchObject({ kind: 'hold', reason: 'no gate was asked' });
  });

  test('a deadline leaves hold on hold and says so', () => {
    expect(atDeadline(verdict('hold'))).toMatchObject({
      kind: 'hold',
      reason: 'undecided at the deadline: says hold',
      evidence: { deadline: true },
    });
    expect(atDeadline(verdict('pass')).kind).toBe('pass');
    expect(atDeadline(verdict('fail')).kind).toBe('fail');
  });

  test('alpha is split by weight and sums to alpha', () => {
    expect(splitAlpha(0.05, [1, 1, 1, 1, 1])).toEqual([0.01, 0.01, 0.01, 0.01, 0.01]);
    expect(splitAlpha(0.04, [3, 1])).toEqual([0.03, 0.01]);
  });

  test('fails to split what cannot be split: the shares are 0', () => {
    expect(splitAlpha(0.05, [1, Number.NaN])).toEqual([0, 0]);
    expect(splitAlpha(1.5, [1])).toEqual([0]);
    expect(splitAlpha(0.05, [-1, 2])).toEqual([0, 0]);
    expect(splitAlpha(0.05, [0, 2])).toEqual([0, 0]);
    expect(splitAlpha(0.05, [1, Number.POSITIVE_INFINITY])).toEqual([0, 0]);
    expect([splitAlpha(0, [1]), splitAlpha(1, [1]), splitAlpha(-0.1, [1])]).toEqual([[0], [0], [0]]);
    expect(splitAlpha(0.05, [])).toEqual([]);
  });
});
