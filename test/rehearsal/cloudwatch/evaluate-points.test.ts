import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluatePoints, type PointRule, TREATMENTS } from '../../../rehearsal/cloudwatch/evaluate-points';

const { cloudwatchMissingDataVectors: vectors } = JSON.parse(
  readFileSync(new URL('../../vectors/deploymentconfig.json', import.meta.url), 'utf8'),
);
const STATES = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const;
const read = (points: readonly string[]) => points.map((point) => ({ '0': false, X: true })[point]);
const parse = (text: string) => read(text.split(' '));
const rule = (m: number, n: number, treatMissingData: PointRule['treatMissingData'] = 'missing'): PointRule => ({
  datapointsToAlarm: m,
  evaluationPeriods: n,
  treatMissingData,
});

describe("CloudWatch's tables of missing data", () => {
  for (const row of vectors.rows) {
    for (const [treatment, expected] of Object.entries(row.expected)) {
      const { points_oldest_to_newest: points, datapointsToAlarm: m, evaluationPeriods: n } = row;
      it(`${points.join(' ')} with ${m} of ${n}, ${treatment}: ${expected}`, () => {
        for (const current of STATES) {
          const state = evaluatePoints(read(points), rule(m, n, treatment as 'missing'), current);
          expect(state).toBe(expected === 'RETAIN_CURRENT_STATE' ? current : expected);
        }
      });
    }
  }
});

describe('the rule against premature alarms', () => {
  for (const row of vectors.premature) {
    const points = row.points_oldest_to_newest;
    it(`${points.join(' ')} with ${row.datapointsToAlarm} of 3 is ${row.expected_missing ?? 'no ALARM'}`, () => {
      const state = evaluatePoints(read(points), rule(row.datapointsToAlarm, 3), 'OK');
      if (row.expectedNot !== undefined) expect(state).not.toBe(row.expectedNot);
      else expect(state).toBe(row.expected_missing);
    });
  }

  it('alarms of one old point, whatever M is, when nothing newer is known', () => {
    expect(evaluatePoints(parse('- X - - - -'), rule(4, 4), 'OK')).toBe('ALARM');
    expect(evaluatePoints(parse('- - - X - -'), rule(4, 4), 'OK')).toBe('OK');
  });
});

describe('points and rule', () => {
  it('takes the newest N real points, from further back when newer ones are missing', () => {
    expect(evaluatePoints(parse('X X 0 0 0'), rule(2, 3), 'ALARM')).toBe('OK');
    expect(evaluatePoints(parse('X X 0 - -'), rule(2, 3), 'OK')).toBe('ALARM');
  });

  it('is decided by real points alone, whatever the treatment, when there are N of them', () => {
    const point = fc.constantFrom(true, false, undefined);
    const sizes = fc.integer({ min: 1, max: 5 }).chain((n) => fc.tuple(fc.integer({ min: 1, max: n }), fc.constant(n)));
    fc.assert(
      fc.property(fc.array(point, { minLength: 5, maxLength: 9 }), sizes, (points, [m, n]) => {
        fc.pre(points.filter((p) => p !== undefined).length >= n);
        const states = TREATMENTS.flatMap((t) =>
          STATES.map((current) => evaluatePoints(points, rule(m, n, t), current)),
        );
        expect(new Set(states).size).toBe(1);
      }),
    );
  });

  it('is never calmed by one more breaching point in the place of a missing one', () => {
    const point = fc.constantFrom(true, false, undefined);
    fc.assert(
      fc.property(fc.array(point, { minLength: 5, maxLength: 5 }), fc.nat(4), (points, at) => {
        fc.pre(points[at] === undefined);
        const worse = points.map((p, i) => (i === at ? true : p));
        for (const treatment of ['breaching', 'notBreaching'] as const) {
          if (evaluatePoints(points, rule(2, 5, treatment), 'OK') !== 'ALARM') continue;
          expect(evaluatePoints(worse, rule(2, 5, treatment), 'OK')).toBe('ALARM');
        }
      }),
    );
  });
});
