import type { PolicyDocument } from './iam';

const logs = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

/** The managed policies that templates attach to functions, as AWS publishes them. */
// source: iam-managed-policies
const MANAGED: Readonly<Record<string, PolicyDocument>> = {
  AWSLambdaBasicExecutionRole: { Statement: { Effect: 'Allow', Action: logs, Resource: '*' } },
};

/** The document of an AWS managed policy; undefined grants nothing: what is not known is not allowed. */
export function managedPolicy(arn: string): PolicyDocument | undefined {
  return MANAGED[arn.split('/').at(-1) ?? ''];
}
