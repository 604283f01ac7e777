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

/**
 * Characters of ARNs that fit into a role's own policies (10,240 together), and into a managed policy (6,144), beside
 * what else they say. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const OWN_POLICY_ROOM = 9000;
const MANAGED_POLICY_ROOM = 5500;

/** The longest that stands before the name in an endpoint's ARN, and what JSON puts around it. */
const ARN_OVERHEAD = 'arn:aws-us-gov:sagemaker:ap-southeast-1:123456789012:endpoint/'.length + 3;
const LONGEST_NAME = 63;

/** A policy that lets the function look at some endpoints; the first one lies in its role. */
interface Permission {
  readonly endpoints: string[];
  readonly policy?: iam.CfnManagedPolicy;
  room: number;
}

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

  private readonly permissions: Permission[] = [{ endpoints: [], room: OWN_POLICY_ROOM }];
  private readonly role: iam.CfnRole;
  private readonly handler: lambda.CfnFunction;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    const { stackName } = Stack.of(this);
    const prefix = Token.isUnresolved(stackName) ? '' : stackName.slice(0, STACK_NAME_PREFIX);
    const logs = `log-group:/aws/lambda/${prefix}*`;
    const [{ endpoints }] = this.permissions;
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
              describing(endpoints),
            ],
          },
        },
      ],
    });
    this.role = role;
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
    const arns = known ? spellings(endpointName).map(arn) : [endpointArnOf(scope, endpointName)];
    const { endpoints, policy } = this.permissionFor(
      arns.length * (ARN_OVERHEAD + (known ? endpointName.length : LONGEST_NAME)),
    );
    endpoints.push(...arns);
    const serving = new CfnResource(scope, 'Serving', {
      type: 'Custom::SageMakerServing',
      properties: { ServiceToken: this.handler.attrArn, ServiceTimeout: SERVICE_TIMEOUT_SECONDS, ...properties },
    });
    if (policy !== undefined) serving.node.addDependency(policy);
  }

  /** Where there is room for so many characters; a stack of many endpoints fills more than one policy. */
  private permissionFor(length: number): Permission {
    let last = this.permissions[this.permissions.length - 1];
    if (last.room < length) {
      const endpoints: string[] = [];
      const policy = new iam.CfnManagedPolicy(this, `Policy${this.permissions.length}`, {
        roles: [this.role.ref],
        policyDocument: { Version: '2012-10-17', Statement: [describing(endpoints)] },
      });
      last = { endpoints, policy, room: MANAGED_POLICY_ROOM };
      this.permissions.push(last);
    }
    last.room -= length;
    return last;
  }
}

const statement = (Action: string[], Resource: unknown) => ({ Effect: 'Allow', Action, Resource });

/** Endpoints join while the stack is drawn. */
const describing = (endpoints: string[]) =>
  statement(['sagemaker:DescribeEndpoint'], Lazy.list({ produce: () => endpoints }));
