import { aws_events as events, aws_iam as iam } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { RolloutMachines } from './engine-machines';

/** Alarms of the engine end so, by the variant that they watch: the rule finds them by it. */
export const ALARM_ENDINGS = { a: 'a-rollout', b: 'b-rollout' } as const;

/** Starts the way back when an alarm rings, and when a rollout ends badly. Who is not armed ends quietly. */
export function drawTriggers(scope: Construct, { rollback, rollout }: RolloutMachines): void {
  const role = new iam.Role(scope, 'TriggerRole', {
    assumedBy: new iam.ServicePrincipal('events.amazonaws.com'),
    inlinePolicies: {
      StartRollback: new iam.PolicyDocument({
        statements: [new iam.PolicyStatement({ actions: ['states:StartExecution'], resources: [rollback.ref] })],
      }),
    },
  });
  const target = (kind: string, name: string) => [
    {
      id: 'Rollback',
      arn: rollback.ref,
      roleArn: role.roleArn,
      inputTransformer: {
        inputPathsMap: { name, at: '$.time' },
        inputTemplate: `{"trigger":{"kind":"${kind}","name":<name>,"at":<at>}}`,
      },
      retryPolicy: { maximumRetryAttempts: 185, maximumEventAgeInSeconds: 86_400 },
    },
  ];
  new events.CfnRule(scope, 'AlarmRings', {
    description: 'A rollback alarm of a rollout went to ALARM',
    eventPattern: {
      source: ['aws.cloudwatch'],
      'detail-type': ['CloudWatch Alarm State Change'],
      detail: {
        alarmName: Object.values(ALARM_ENDINGS).map((suffix) => ({ suffix: `-${suffix}` })),
        state: { value: ['ALARM'] },
      },
    },
    targets: target('alarm', '$.detail.alarmName'),
  });
  new events.CfnRule(scope, 'RolloutEndsBadly', {
    description: 'A rollout was stopped, timed out or failed',
    eventPattern: {
      source: ['aws.states'],
      'detail-type': ['Step Functions Execution Status Change'],
      detail: { stateMachineArn: [rollout.ref], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
    },
    targets: target('execution', '$.detail.name'),
  });
}
