import { describe, expect, test } from 'vitest';
import { type ApprovalRuleSpec, approvalPhase, approvalReason, type Phase, type Plan } from '../../../decision';

const stage = (percent: number, approval = false): Phase => ({
  kind: 'stage',
  percent,
  bake: 'PT1H',
  deadline: 'PT2H',
  ...(approval ? { approval } : {}),
});
const plan = (...phases: Phase[]): Plan => ({
  schemaVersion: 1,
  strategy: 'staged',
  phases: [...phases, { kind: 'watch', bake: 'PT1H', holdbackPercent: 0 }],
  onUndecided: 'stay',
  retainPrevious: true,
});
const DAY = 86_400_000;
const facts = { at: 100 * DAY, rollbacks: [] };
const reason = (rule: ApprovalRuleSpec, index = 1, rollbacks: number[] = []) => {
  const both = plan(stage(5), stage(50));
  const approval = { approvers: [], when: [rule] };
  return approvalReason(both.phases[index], index, both, approval, { ...facts, rollbacks });
};

describe('a person must agree', () => {
  test('to a stage that says so, whatever the rules are', () => {
    const own = plan(stage(5, true), stage(50));
    expect(approvalReason(own.phases[0], 0, own, undefined, facts)).toMatch(/plan asks/);
    expect(approvalReason(own.phases[1], 1, own, undefined, facts)).toBeUndefined();
  });

  test('before the last step only, when a rule says so', () => {
    expect(approvalPhase(plan(stage(5), stage(50)))).toBe(1);
    expect(approvalPhase(plan())).toBe(-1);
    expect(reason({ kind: 'always' }, 0)).toBeUndefined();
    expect(reason({ kind: 'always' }, 1)).toMatch(/every version/);
  });

  test('where more is at stake than may be, or where nobody knows how much is', () => {
    expect(reason({ kind: 'blastRadiusAbove', badRequests: 500, expected: 500 })).toBeUndefined();
    expect(reason({ kind: 'blastRadiusAbove', badRequests: 500, expected: 501 })).toMatch(/501 bad requests/);
    expect(reason({ kind: 'blastRadiusAbove', badRequests: 500, expected: null })).toMatch(/not declared/);
  });

  test('outside of what is normal', () => {
    expect(reason({ kind: 'outsideNormal', found: [] })).toBeUndefined();
    expect(reason({ kind: 'outsideNormal', found: ['ml.p4d.24xlarge'] })).toMatch(/ml\.p4d/);
  });

  test('for a while after a rollback', () => {
    const rule = { kind: 'afterRollback', within: 'P30D' } as const;
    expect(reason(rule)).toBeUndefined();
    expect(reason(rule, 1, [69 * DAY])).toBeUndefined();
    expect(reason(rule, 1, [10 * DAY, 71 * DAY])).toMatch(/within P30D/);
    expect(reason({ ...rule, within: 'a month' }, 1, [DAY])).toBeDefined();
    expect(reason(rule, 1, [Number.NaN])).toBeDefined();
  });

  test('fails closed on a rule that nobody knows', () => {
    expect(reason({ kind: 'never' } as never)).toMatch(/not known/);
  });
});
