import { Arn, ArnFormat, type aws_cloudwatch as cloudwatch, type interfaces, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Problems } from './problems';

/** An alarm is found by its name, and so in the own account and region only. */
export function requireSameEnvironment(
  problems: Problems,
  scope: Construct,
  alarm: cloudwatch.IAlarmRef,
  name: string,
): void {
  const { alarmArn } = alarm.alarmRef;
  // An alarm that is imported by its ARN claims to be where the stack is.
  const where = Token.isUnresolved(alarmArn) ? alarm.env : Arn.split(alarmArn, ArnFormat.COLON_RESOURCE_NAME);
  requireHere(problems, scope, where, { code: 'AlarmElsewhere', what: `alarm '${name}'` });
}

/** A model too: an endpoint config knows it by its name alone. */
export function requireModelHere(
  problems: Problems,
  scope: Construct,
  model: interfaces.aws_sagemaker.IModelRef,
): void {
  requireHere(problems, scope, model.env, { code: 'ModelElsewhere', what: `model ${model.node.path}` });
}

function requireHere(
  problems: Problems,
  scope: Construct,
  where: { readonly region?: string; readonly account?: string },
  { code, what }: { readonly code: string; readonly what: string },
): void {
  const { region, account } = Stack.of(scope);
  const known = (value: string | undefined) => value !== undefined && !Token.isUnresolved(value);
  for (const [noun, ours, theirs] of [
    ['region', region, where.region],
    ['account', account, where.account],
  ]) {
    problems.require(
      ours === theirs || !known(ours) || !known(theirs),
      code,
      () => `${what} must be in the endpoint's ${noun}, ${ours}, got ${theirs}`,
    );
  }
}
