import { aws_events as events, aws_iam as iam, type aws_stepfunctions as stepfunctions } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { RolloutMachines } from './engine-machines';

/** Alarms of the engine end so, by the variant that they watch: the rule finds them by it. */
export const ALARM_ENDINGS = { a: 'a-rollout', b: 'b-rollout' } as const;

/**
 * Starts the way back when an alarm rings, when a rollout ends badly, and when a way back itself does not get to its end.
 * Who is not armed, and whose place is taken, ends quietly.
 */
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
  const endsBadly = (id: string, machine: stepfunctions.CfnStateMachine, kind: string, description: string) =>
    new events.CfnRule(scope, id, {
      description,
      eventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [machine.ref], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
      targets: target(kind, '$.detail.name'),
    });
  endsBadly('RolloutEndsBadly', rollout, 'execution', 'A rollout was stopped, timed out or failed');
  endsBadly('RollbackEndsBadly', rollback, 'rollback', 'A way back was stopped, timed out or failed');
}
