import { Arn, ArnFormat, type aws_cloudwatch as cloudwatch, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Problems } from './problems';

/** An alarm is found by its name, and so in the own account and region only. */
export function requireSameEnvironment(
  problems: Problems,
  scope: Construct,
  alarm: cloudwatch.IAlarmRef,
  name: string,
): void {
  const { region, account } = Stack.of(scope);
  const known = (value: string | undefined) => value !== undefined && !Token.isUnresolved(value);
  const { alarmArn } = alarm.alarmRef;
  // An alarm that is imported by its ARN claims to be where the stack is.
  const where = Token.isUnresolved(alarmArn) ? alarm.env : Arn.split(alarmArn, ArnFormat.COLON_RESOURCE_NAME);
  for (const [noun, ours, theirs] of [
    ['region', region, where.region],
    ['account', account, where.account],
  ]) {
    problems.require(
      ours === theirs || !known(ours) || !known(theirs),
      'AlarmElsewhere',
      () => `alarm '${name}' must be in the endpoint's ${noun}, ${ours}, got ${theirs}`,
    );
  }
}
