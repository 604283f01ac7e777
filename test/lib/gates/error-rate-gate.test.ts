import { ErrorRateGate, ErrorSignal, GatePhase, WatchAbility } from 'cdk-sagemaker-rollouts';
import { describe, expect, test } from 'vitest';
import { bind } from './bind';

describe('ErrorRateGate', () => {
  test('reads errors and requests of each variant, and may read nothing but metrics', () => {
    const { evaluator, definition, statements } = bind(new ErrorRateGate());
    const metric = (metricName: string) => ({
      metrics: [
        {
          id: 'm1',
          namespace: 'AWS/SageMaker',
          metricName,
          dimensions: { EndpointName: 'fraud' },
          armDimensions: { VariantName: 'variant' },
          statistic: 'Sum',
        },
      ],
      expression: null,
    });
    expect(evaluator).toBe('judge');
    expect(definition).toMatchObject({
      kind: 'metric',
      id: 'ErrorRate',
      arms: 'both',
      read: { numerator: metric('Invocation5XXErrors'), denominator: metric('Invocations') },
      rules: { stage: { kind: 'countDifference', absoluteMargin: 0.005, alphaRollback: 0.01, alphaPromote: 0.01 } },
    });
    expect(statements).toEqual([{ Action: 'cloudwatch:GetMetricData', Effect: 'Allow', Resource: '*' }]);
  });

  test('is bound any number of times with the same result', () => {
    const gate = new ErrorRateGate({ signal: ErrorSignal.MODEL_FAILURES, perFleet: true });
    expect(bind(gate)).toEqual(bind(gate));
    expect(bind(gate).definition.read.numerator.expression).toBe('m1 - m2');
    expect(bind(gate).definition.read.denominator.metrics[0].armDimensions).toEqual({
      VariantName: 'variant',
      EndpointConfigName: 'config',
    });
  });

  test('shares the chance of a false rollback among many gates, and no chance of a false pass', () => {
    const { stage } = bind(new ErrorRateGate(), { gateCount: 10 }).definition.rules;
    expect(stage).toMatchObject({ alphaRollback: 0.005, alphaPromote: 0.01 });
  });

  test('needs a holdback in the watch, unless it has a highest rate to judge by', () => {
    expect(new ErrorRateGate().watchAbility).toBe(WatchAbility.NEEDS_HOLDBACK);
    expect(bind(new ErrorRateGate()).definition.rules.watch).toBeUndefined();
    const alone = new ErrorRateGate({ maximumRate: 0.02 });
    expect(alone.watchAbility).toBe(WatchAbility.ALONE);
    expect(bind(alone).definition.rules.watch).toEqual({ kind: 'watch', maximumShare: 0.02, alphaRollback: 0.01 });
    expect(alone.phases).toEqual([GatePhase.STAGE, GatePhase.WATCH]);
  });

  test.each([
    [
      { absoluteMargin: 2 },
      'absoluteMargin must be more than 0 and less than 1 (0.02 is 2 %), got 2, did you mean 0.02? [RateOutOfRange]',
    ],
    [{ absoluteMargin: 0 }, 'absoluteMargin must be more than 0'],
    [{ absoluteMargin: Number.NaN }, 'got NaN'],
    [{ maximumRate: 5 }, 'did you mean 0.05?'],
    [{ falseRollbackRate: 1 }, 'falseRollbackRate must be more than 0 and less than 1'],
    [{ falsePromotionRate: -1 }, 'falsePromotionRate must be more than 0'],
    [{ gateName: 'a b' }, "gateName must be 1 to 63 letters, digits and dashes, a letter first, got 'a b' [GateName]"],
    [{ gateName: 'trafficSplit' }, "which the engine uses itself, got 'trafficSplit' [GateNameReserved]"],
    [{ gateName: 'alarms' }, "which the engine uses itself, got 'alarms' [GateNameReserved]"],
  ])('fails on %j', (props, message) => {
    expect(() => new ErrorRateGate(props)).toThrow(message);
  });

  test('fails with all problems at once', () => {
    expect(() => new ErrorRateGate({ absoluteMargin: 2, maximumRate: 3, gateName: '' })).toThrow('has 3 problems');
  });
});
