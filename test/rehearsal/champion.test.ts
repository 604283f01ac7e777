import { describe, expect, test } from 'vitest';
import { allowed, championOf, modelsFromElsewhere } from '../../rehearsal/champion';
import type { StackArtifact, TemplateResource } from '../../rehearsal/cloudformation/template';
import { l1Template } from './fixtures/l1-template';

const artifact = (further: Record<string, TemplateResource> = {}): StackArtifact => ({
  name: 'Fraud',
  region: 'us-east-1',
  account: '123456789012',
  template: l1Template({ further }),
  assets: new Map(),
});
const alarm = (AlarmName: string): TemplateResource => ({ Type: 'AWS::CloudWatch::Alarm', Properties: { AlarmName } });

describe('the version before the one in the template', () => {
  test('has another model, and everything else the same', () => {
    const before = artifact();
    const { Model, ...others } = championOf(before).template.Resources;
    const { Model: newer, ...same } = before.template.Resources;
    expect(others).toEqual(same);
    expect(Model.Properties).not.toEqual(newer.Properties);
    expect(Model.Properties?.['PrimaryContainer']).toMatchObject({ Image: 'fraud:1' });
  });

  test('has other alarms where a name ends in a fingerprint, and the same where it is fixed', () => {
    const { Resources } = championOf(
      artifact({ A: alarm('fraud-ErrorRate-3fa2c91b'), B: alarm('fraud-errors') }),
    ).template;
    expect(Resources['A'].Properties?.['AlarmName']).toBe('fraud-ErrorRate-00000000');
    expect(Resources['B'].Properties?.['AlarmName']).toBe('fraud-errors');
  });

  test('has another model by name where the template has none', () => {
    const config = {
      Type: 'AWS::SageMaker::EndpointConfig',
      Properties: { ProductionVariants: [{ VariantName: 'a', ModelName: 'house-model' }] },
    };
    const with_ = artifact({ Config: config });
    expect(modelsFromElsewhere(with_)).toEqual(['house-model']);
    expect(modelsFromElsewhere(championOf(with_))).toEqual(['house-model-champion']);
  });
});

test('a champion has passed its gates: its rollout has no phase before the launch, and all the others', () => {
  const phases = [{ kind: 'before', deadline: 'PT30M' }, { kind: 'stage', percent: 5 }, { kind: 'watch' }];
  const spec = JSON.stringify({ digest: 'abc', plan: { phases }, gates: [{ phases: ['before'] }] });
  const [head, tail] = [spec.slice(0, 12), spec.slice(12)];
  const deployment = (Spec: unknown) => ({
    Handover: { Type: 'Custom::RolloutSpec', Properties: { Step: 'handover', Spec } },
    Other: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: '{"kind":"before"},' } },
  });
  const left = { digest: 'abc', plan: { phases: phases.slice(1) }, gates: [{ phases: ['before'] }] };
  const whole = allowed(artifact(deployment(spec))).template.Resources;
  expect(JSON.parse(whole['Handover'].Properties?.['Spec'])).toEqual(left);
  expect(whole['Other']).toEqual(deployment(spec).Other);
  const joined = allowed(artifact(deployment({ 'Fn::Join': ['', [head, { Ref: 'Model' }, tail]] }))).template.Resources;
  const { Spec } = joined['Handover'].Properties ?? {};
  const [, [first, ref, last]] = Spec['Fn::Join'];
  expect([JSON.parse(first + last), ref]).toEqual([left, { Ref: 'Model' }]);
});
