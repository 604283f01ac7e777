import { Duration, aws_iam as iam, aws_lambda as lambda, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { handlerDirectory } from '../private/handlers';

/** One job of the engine. */
export interface EngineFunctionProps {
  /** The job's folder. */
  readonly job: string;
  readonly description: string;
  readonly environment?: { [name: string]: string };
  /** @default Duration.minutes(1) */
  readonly timeout?: Duration;
  /** MiB. @default 256 */
  readonly memorySize?: number;
}

/** A job of the engine: its function, a version that running rollouts keep, and a role that may only do that job. */
export class EngineFunction extends Construct {
  public readonly handler: lambda.Function;

  constructor(scope: Construct, id: string, props: EngineFunctionProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    this.handler = new lambda.Function(this, 'Handler', {
      description: props.description,
      code: lambda.Code.fromAsset(handlerDirectory(props.job)),
      handler: 'index.handler',
      runtime: lambda.Runtime.NODEJS_22_X,
      memorySize: props.memorySize ?? 256,
      timeout: props.timeout ?? Duration.minutes(1),
      environment: props.environment,
      role,
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
    });
    // By prefix, because the function's own name would make the role wait for the function.
    const prefix = stack.stackName.slice(0, 20);
    this.allow(
      ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
      [stack.formatArn({ service: 'logs', resource: `log-group:/aws/lambda/${prefix}*` })],
    );
  }

  /** Lets the job do something. */
  public allow(actions: string[], resources: string[]): void {
    this.handler.addToRolePolicy(new iam.PolicyStatement({ actions, resources }));
  }
}
