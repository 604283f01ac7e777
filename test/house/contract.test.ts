import { readFileSync } from 'node:fs';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { fraud } from '../lib/endpoint/fraud';
import { sourceFiles } from './sources';

/**
 * What users hold on to: stacks that are deployed, warnings they acknowledged, errors they look for, JSON they read.
 * A list here is changed by hand, and a change breaks somebody. New words may join the code without joining a list.
 */
const lib = sourceFiles(['lib'])
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');

/** Words of a list that the library no longer says. */
const gone = (words: string) =>
  words
    .trim()
    .split(/\s+/)
    .filter((word) => !lib.includes(`'${word}'`));

describe('the contract', () => {
  const { Resources } = Template.fromStack(fraud().stack).toJSON();

  test('logical ids: another one is another resource, and the old one is deleted', () => {
    const types = Object.entries(Resources).map(([id, resource]) => `${id} ${(resource as { Type: string }).Type}`);
    expect(types.sort()).toEqual([
      'EndpointConfig24AD0A28 AWS::SageMaker::EndpointConfig',
      'EndpointEEF1FD8F AWS::SageMaker::Endpoint',
      'EndpointFleetErrorRateA2B055F6 AWS::CloudWatch::Alarm',
      'EndpointFleetLatencyP990AEB8BB8 AWS::CloudWatch::Alarm',
      'EndpointServingF641E368 Custom::SageMakerServing',
      'EndpointVariantErrorRateCAA4C3EA AWS::CloudWatch::Alarm',
      'EndpointVariantLatencyP9904F52BD0 AWS::CloudWatch::Alarm',
      'Model0301700E AWS::SageMaker::Model',
      'ModelRole3E65CE92 AWS::IAM::Role',
      'ServingVerifierHandlerB9929EE2 AWS::Lambda::Function',
      'ServingVerifierRoleE7CB6BF5 AWS::IAM::Role',
    ]);
  });

  test('names on AWS: variants and alarms', () => {
    const { VariantName } = Resources.EndpointConfig24AD0A28.Properties.ProductionVariants[0];
    expect(VariantName).toBe('a');
    expect(Resources.EndpointFleetErrorRateA2B055F6.Properties.AlarmName).toMatch(
      /^fraud-ErrorRate-fleet-[0-9a-f]{8}$/,
    );
    expect(Resources.EndpointVariantErrorRateCAA4C3EA.Properties.AlarmName).toMatch(/^fraud-ErrorRate-[0-9a-f]{8}$/);
  });

  test('the plan beside the verifier, which tools read', () => {
    const { Properties } = Resources.EndpointServingF641E368;
    expect(Object.keys(Properties).sort()).toEqual([
      'EndpointConfigName',
      'EndpointName',
      'Plan',
      'ServiceTimeout',
      'ServiceToken',
    ]);
    expect(Object.keys(Properties.Plan).sort()).toEqual(['instanceCount', 'steps', 'strategy']);
    expect(Object.keys(Properties.Plan.steps[0]).sort()).toEqual(['bake', 'percent']);
  });

  test('ids of warnings, which users acknowledge', () => {
    const ids = `alarmOutlastsBake alarmOutlastsFirstBake effectivePercent fewSamples instancesUnderAutoScaling
      rollingWithShadow slowDetection timeoutTooShort`;
    expect(gone(ids)).toEqual([]);
    expect(lib).toContain('cdk-sagemaker-rollouts:modelNotRetained');
    expect(lib).toContain('`cdk-sagemaker-rollouts:${id}`');
  });

  test('codes of errors', () => {
    const codes = `
      AlarmAlwaysFires AlarmCount AlarmElsewhere AlarmNameOutOfRange AlarmNameTooLong AlarmNeverFires BeyondGuardrails
      CaptureContentTypesOutOfRange CaptureNothing CapturePercentOutOfRange DatapointsOutOfRange DurationOutOfRange
      DurationUnknown EndpointArn EndpointName GuardrailsUnavailable InstanceCountUnknown KeyWithLocalStorage Missing
      PercentOutOfRange PercentileOutOfRange PeriodOutOfRange RateOutOfRange RequestsOutOfRange
      SamplingPercentOutOfRange SizeOutOfRange SizeUnknown ThresholdNotANumber TimeoutOutOfRange TimeoutTooShort
      TwoPolicies UnitsOutOfRange UnknownProperty UnknownWord WaitOutOfRange WindowTooLong WrongType
      AutoScalingCooldown AutoScalingMaxInstances AutoScalingMinInstances AutoScalingTarget InitialInstanceCount
      CaptureContentType CapturePrefix ImageRepository ImageTag ImageUri ModelElsewhere
      InstanceType ModelArn ModelContainers ModelName ModelVpc RequestsPerSecond StartupTimeout VolumeSize`;
    expect(gone(codes)).toEqual([]);
  });

  test('fields of an outcome', () => {
    const { definitions } = JSON.parse(readFileSync('rehearsal/outcome.schema.json', 'utf8'));
    const fields = (name: string) => Object.keys(definitions[name].properties);
    expect(fields('MatrixOutcome')).toEqual(
      expect.arrayContaining(['schemaVersion', 'baseline', 'rows', 'safe', 'live', 'failures']),
    );
    expect(fields('Outcome')).toEqual(
      expect.arrayContaining([
        'schemaVersion',
        'outcome',
        'servedConfig',
        'detectSeconds',
        'decideSeconds',
        'restoreSeconds',
        'confirmSeconds',
        'badRequests',
        'timeline',
        'verdicts',
        'assumptions',
      ]),
    );
  });
});
