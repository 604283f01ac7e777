import { App, Duration, aws_iam as iam, Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { describe, expect, test } from 'vitest';

const { ApprovalRule, ModelDeployment, StagedStrategy } = rollouts;
const onCall = new iam.ArnPrincipal('arn:aws:iam::111111111111:role/OnCall');
const token = () => Lazy.number({ produce: () => 3 });

function deployed(props: Partial<rollouts.ModelDeploymentProps>): Stack {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Fraud');
  new ModelDeployment(stack, 'Fraud', {
    endpointName: 'fraud',
    model: rollouts.Model.fromModelName(stack, 'Model', 'fraud-v7'),
    hosting: rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4 }),
    strategy: StagedStrategy.standard(),
    ...props,
  });
  return stack;
}

const stage = (props: Partial<rollouts.Stage>, others: Partial<rollouts.StagedStrategyProps> = {}) =>
  deployed({
    strategy: new StagedStrategy({ stages: [{ percent: 25, bake: Duration.hours(1), ...props }], ...others }),
  });

describe('the times of a plan', () => {
  test.each<[string, () => unknown, string]>([
    [
      'half a second of bake',
      () => stage({ bake: Duration.millis(1500) }),
      'time under observation at 25 % must be whole seconds',
    ],
    ['a bake that is no number', () => stage({ bake: Duration.seconds(Number.NaN) }), 'got NaN s [PlanDuration]'],
    [
      'a deadline of half a second more',
      () => stage({ deadline: Duration.millis(3_600_500) }),
      'deadline at 25 % must be whole seconds',
    ],
    [
      'a watch that only the deployment knows',
      () => stage({}, { watchPeriod: Duration.seconds(token()) }),
      'time under observation at 100 % must be whole seconds of at most 59 days, known at synth, got a token [PlanDuration]',
    ],
    [
      'a watch of a million days',
      () => stage({}, { watchPeriod: Duration.days(1e6) }),
      'got 86400000000 s [PlanDuration]',
    ],
    [
      'a canary that only the deployment knows',
      () =>
        deployed({
          strategy: new rollouts.CanaryStrategy({
            canarySize: rollouts.CapacitySize.percent(25),
            waitInterval: Duration.seconds(token()),
          }),
        }),
      'got a token [PlanDuration]',
    ],
    [
      'phases that outlast the state machine',
      () => stage({ bake: Duration.days(29) }, { watchPeriod: Duration.days(2) }),
      'must take at most 59 days, got 60 days',
    ],
  ])('fails on %s', (_, draw, message) => {
    expect(draw).toThrow(message);
  });

  test('fails on all of them at once', () => {
    const draw = () => stage({ bake: Duration.millis(1) }, { watchPeriod: Duration.millis(1) });
    expect(draw).toThrow('has 2 problems');
  });

  test('may be as long as the state machine lives', () => {
    expect(() => stage({ bake: Duration.days(28) }, { watchPeriod: Duration.days(3) })).not.toThrow();
  });

  test('fails on a shadow that must end before it has seen enough', () => {
    const shadow = { minimumRequests: 10, minimumDuration: Duration.hours(2), deadline: Duration.hours(1) };
    expect(() => stage({}, { shadow })).toThrow('[DeadlineBeforeBake]');
  });

  test('are compared with what the alarms need', () => {
    const second = Duration.seconds(1);
    const warnings = (stack: Stack) =>
      Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('cannot fire inside any bake')).length;
    expect(warnings(stage({ bake: second }, { watchPeriod: second }))).toBe(1);
    expect(warnings(stage({}))).toBe(0);
  });
});

describe('a rule that would never ask', () => {
  test.each<[string, () => unknown, string]>([
    [
      'a count that is no number',
      () => ApprovalRule.outsideNormal({ maximumInstanceCount: Number.NaN }),
      'got NaN [NormalInstanceCount]',
    ],
    [
      'a count without an end',
      () => ApprovalRule.outsideNormal({ maximumInstanceCount: Number.POSITIVE_INFINITY }),
      '[NormalInstanceCount]',
    ],
    [
      'a count that only the deployment knows',
      () => ApprovalRule.outsideNormal({ maximumInstanceCount: token() }),
      '[NormalInstanceCount]',
    ],
    [
      'a step that is no number',
      () => ApprovalRule.outsideNormal({ maximumStepPercent: Number.NaN }),
      'got NaN [NormalStepPercent]',
    ],
    [
      'a step of more than everything',
      () => ApprovalRule.outsideNormal({ maximumStepPercent: 101 }),
      '[NormalStepPercent]',
    ],
    ['nothing that is normal', () => ApprovalRule.outsideNormal({}), '[NormalUnknown]'],
    ['endless bad requests', () => ApprovalRule.blastRadiusAbove(Number.POSITIVE_INFINITY), '[BadRequestsOutOfRange]'],
    ['no time after a rollback', () => ApprovalRule.afterRollback(Duration.seconds(0)), 'got 0 s [WithinOutOfRange]'],
    ['a time that is no number', () => ApprovalRule.afterRollback(Duration.seconds(Number.NaN)), '[WithinOutOfRange]'],
    [
      'no rule at all',
      () =>
        deployed({
          approval: { approvers: [onCall], when: [] },
        }),
      '[ApprovalRulesMissing]',
    ],
    [
      'a starter who is nobody',
      () => deployed({ approval: { approvers: [onCall], startedBy: 'bob' } }),
      "got 'bob' [StartedByUnknown]",
    ],
  ])('fails: %s', (_, draw, message) => {
    expect(draw).toThrow(message);
  });
});
