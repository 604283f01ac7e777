import { App, aws_cloudwatch as cloudwatch, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import * as rollouts from '../../../lib';
import { fourInstances, fraudModel } from '../endpoint/fraud';

/** The handed-over spec, its references by their logical ids. */
function specOf(stack: Stack) {
  const [handover] = Object.values(Template.fromStack(stack).findResources('Custom::RolloutSpec'));
  const { Spec } = handover.Properties;
  const parts: (string | { Ref?: string })[] = typeof Spec === 'string' ? [Spec] : Spec['Fn::Join'][1];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : (part.Ref ?? 'token'))).join(''));
}

function deployed(stack: Stack, rollbackAlarms: rollouts.RollbackAlarm[]): Stack {
  new rollouts.ModelDeployment(stack, 'Fraud', {
    endpointName: 'fraud',
    model: fraudModel(stack, 'v7'),
    hosting: fourInstances,
    strategy: rollouts.StagedStrategy.standard(),
    rollbackAlarms,
  });
  return stack;
}

test('each variant has its own alarms, whatever the stack is called', () => {
  const { alarms } = specOf(
    deployed(new Stack(new App(), 'A'), [
      rollouts.RollbackAlarm.fleetMetric('Errors', { metricName: 'Invocation5XXErrors', threshold: 0.05 }),
    ]),
  );
  expect(alarms).toEqual({ a: [expect.stringMatching(/^FraudAErrors/)], b: [expect.stringMatching(/^FraudBErrors/)] });
});

test('an alarm that was there before is asked at every tick while the new version has traffic', () => {
  const stack = new Stack(new App(), 'Fraud');
  const refunds = cloudwatch.Alarm.fromAlarmArn(
    stack,
    'Refunds',
    'arn:aws:cloudwatch:us-east-1:123456789012:alarm:refunds',
  );
  const { alarms, gates } = specOf(deployed(stack, [rollouts.RollbackAlarm.fromAlarm(refunds)]));
  expect(alarms).toEqual({ a: [], b: [] });
  expect(gates).toEqual([
    expect.objectContaining({
      evaluator: 'judge',
      phases: ['stage', 'watch'],
      definition: { kind: 'alarm', id: 'ExistingAlarms', alarms: ['refunds'] },
    }),
  ]);
});

test('the judge may read it', () => {
  const stack = new Stack(new App(), 'Fraud');
  const arn = 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:refunds';
  deployed(stack, [rollouts.RollbackAlarm.fromAlarm(cloudwatch.Alarm.fromAlarmArn(stack, 'Refunds', arn))]);
  const roles = JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Role'));
  const policies = JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  expect(`${roles}${policies}`).toContain(arn);
});
