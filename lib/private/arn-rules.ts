import { Token } from 'aws-cdk-lib';
import { SAGEMAKER_NAME } from '../../decision/model-limits';
import type { Problems } from './problems';

/** The ARN of one resource of SageMaker; that of another kind would be asked for by a name that is not there. */
export function requireArn(problems: Problems, code: string, kind: string, arn: string): void {
  if (Token.isUnresolved(arn)) return;
  const [, found, name = ''] = /^arn:[^:]+:sagemaker:[^:]*:[^:]*:([^/]+)\/(.*)$/.exec(arn) ?? [];
  problems.require(
    found === kind && SAGEMAKER_NAME.test(name),
    code,
    () =>
      `${code[0].toLowerCase()}${code.slice(1)} must be the ARN of ${kind === 'endpoint' ? 'an' : 'a'} ${kind}, got '${arn}'`,
  );
}
