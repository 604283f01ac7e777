import { CfnResource, Fn, aws_iam as iam, Lazy, aws_lambda as lambda, Stack, Token } from 'aws-cdk-lib';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { handlerDirectory } from '../private/handlers';
import { endpointArnOf, spellings } from './endpoint-base';

/** CloudFormation writes at least this much of a stack's name into the names that it makes up. */
const STACK_NAME_PREFIX = 20;

/** How long the function may look; its own patience ends a minute earlier. */
const HANDLER_TIMEOUT_SECONDS = 300;

/** How long CloudFormation waits for an answer: the function has given one by then, or never will. */
const SERVICE_TIMEOUT_SECONDS = 600;

/** What the check of one endpoint is told; the plan is for people and tools to read. */
export interface ServingProperties {
  readonly EndpointName: string;
  readonly EndpointConfigName: string;
  readonly Plan: unknown;
}

/**
 * Looks at what really serves once CloudFormation believes that an endpoint is done. One function and one role do it
 * for all endpoints of a stack.
 */
export class ServingVerifier extends Construct {
  /** The one of the stack. */
  public static of(scope: Construct): ServingVerifier {
    const stack = Stack.of(scope);
    const id = 'ServingVerifier';
    return (stack.node.tryFindChild(id) as ServingVerifier | undefined) ?? new ServingVerifier(stack, id);
  }

  private readonly endpoints: string[] = [];
  private readonly handler: lambda.CfnFunction;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    const { stackName } = Stack.of(this);
    const prefix = Token.isUnresolved(stackName) ? '' : stackName.slice(0, STACK_NAME_PREFIX);
    const logs = `log-group:/aws/lambda/${prefix}*`;
    const statement = (Action: string[], Resource: unknown) => ({ Effect: 'Allow', Action, Resource });
    const role = new iam.CfnRole(this, 'Role', {
      assumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
      },
      policies: [
        {
          policyName: 'VerifyServing',
          policyDocument: {
            Version: '2012-10-17',
            Statement: [
              statement(
                ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
                Fn.sub(`arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:${logs}`),
              ),
              statement(['sagemaker:DescribeEndpoint'], Lazy.list({ produce: () => this.endpoints })),
            ],
          },
        },
      ],
    });
    const code = new Asset(this, 'Code', { path: handlerDirectory('verify-serving') });
    this.handler = new lambda.CfnFunction(this, 'Handler', {
      description: 'Fails a deployment whose endpoint serves another config than the requested one',
      code: { s3Bucket: code.s3BucketName, s3Key: code.s3ObjectKey },
      handler: 'index.handler',
      runtime: lambda.Runtime.NODEJS_22_X.name,
      memorySize: 256,
      timeout: HANDLER_TIMEOUT_SECONDS,
      role: role.attrArn,
    });
    code.addResourceMetadata(this.handler, 'Code');
  }

  /** Adds the check of one endpoint. */
  public verify(scope: Construct, endpointName: string, properties: ServingProperties): void {
    // An ARN as one Fn::Sub, which takes less of the template than the join of endpointArn.
    const arn = (name: string) =>
      Fn.sub(`arn:\${AWS::Partition}:sagemaker:\${AWS::Region}:\${AWS::AccountId}:endpoint/${name}`);
    const known = !Token.isUnresolved(endpointName);
    this.endpoints.push(...(known ? spellings(endpointName).map(arn) : [endpointArnOf(scope, endpointName)]));
    new CfnResource(scope, 'Serving', {
      type: 'Custom::SageMakerServing',
      properties: { ServiceToken: this.handler.attrArn, ServiceTimeout: SERVICE_TIMEOUT_SECONDS, ...properties },
    });
  }
}
