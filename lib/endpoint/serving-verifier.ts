import { CfnResource, Duration, aws_iam as iam, aws_lambda as lambda, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { handlerDirectory } from '../private/handlers';
import { endpointArns } from './endpoint-base';

/** CloudFormation writes at least this much of a stack's name into the names that it makes up. */
const STACK_NAME_PREFIX = 20;

/** How long CloudFormation waits for an answer: the function has given one after five minutes, or never will. */
const SERVICE_TIMEOUT_SECONDS = 600;

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

  private readonly permissions: iam.PolicyDocument;
  private readonly handler: lambda.Function;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    const stack = Stack.of(this);
    const prefix = Token.isUnresolved(stack.stackName) ? '' : stack.stackName.slice(0, STACK_NAME_PREFIX);
    this.permissions = new iam.PolicyDocument({
      minimize: true,
      statements: [
        new iam.PolicyStatement({
          actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [stack.formatArn({ service: 'logs', resource: `log-group:/aws/lambda/${prefix}*` })],
        }),
      ],
    });
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: { VerifyServing: this.permissions },
    });
    this.handler = new lambda.Function(this, 'Handler', {
      description: 'Fails a deployment whose endpoint serves another config than the requested one',
      code: lambda.Code.fromAsset(handlerDirectory('verify-serving')),
      handler: 'index.handler',
      runtime: lambda.Runtime.NODEJS_22_X,
      memorySize: 256,
      timeout: Duration.minutes(5),
      role,
    });
  }

  /** Adds the check of one endpoint, with the plan beside it for people to read. */
  public verify(
    scope: Construct,
    endpointArn: string,
    properties: { readonly EndpointName: string; readonly EndpointConfigName: string; readonly Plan: unknown },
  ): void {
    this.permissions.addStatements(
      new iam.PolicyStatement({ actions: ['sagemaker:DescribeEndpoint'], resources: endpointArns(endpointArn) }),
    );
    new CfnResource(scope, 'Serving', {
      type: 'Custom::SageMakerServing',
      properties: { ServiceToken: this.handler.functionArn, ServiceTimeout: SERVICE_TIMEOUT_SECONDS, ...properties },
    });
  }
}
