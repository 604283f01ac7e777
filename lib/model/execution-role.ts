import { Fn, aws_iam as iam, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * The role that a model's containers run with. Its one policy is inside the role, so that a grant never adds a
 * resource, and the permissions exist as soon as the role does. It outlives the stack, for the models that do.
 */
export class ExecutionRole extends iam.Role {
  private readonly permissions: iam.PolicyDocument;

  constructor(scope: Construct, id: string) {
    const permissions = new iam.PolicyDocument({ minimize: true });
    super(scope, id, {
      assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com'),
      inlinePolicies: { Hosting: permissions },
    });
    this.permissions = permissions;
    this.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.allowTelemetry();
  }

  public addToPrincipalPolicy(statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    this.permissions.addStatements(statement);
    return { statementAdded: true, policyDependable: this };
  }

  /** What every hosted container does. https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createmodel-perms */
  private allowTelemetry(): void {
    // A joined ARN would take more of the template.
    const logs = Fn.sub(
      'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/sagemaker/Endpoints/*',
    );
    this.permissions.addStatements(
      new iam.PolicyStatement({
        actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
        resources: [logs],
      }),
      new iam.PolicyStatement({
        actions: ['cloudwatch:PutMetricData'],
        // A metric has no ARN; the namespace is what can be limited.
        resources: ['*'],
        conditions: { StringEquals: { 'cloudwatch:namespace': ['AWS/SageMaker', '/aws/sagemaker/Endpoints'] } },
      }),
    );
  }
}

/**
 * Lets a model's instances join a VPC.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createmodel-perms
 */
export function grantNetwork(
  role: iam.IGrantable,
  scope: Construct,
  subnets: string[],
  securityGroups: string[],
): void {
  const arn = (resource: string, name: string) =>
    Stack.of(scope).formatArn({ service: 'ec2', resource, resourceName: name });
  const interfaces = arn('network-interface', '*');
  const statements = [
    {
      actions: ['ec2:CreateNetworkInterface'],
      resources: [
        interfaces,
        ...subnets.map((id) => arn('subnet', id)),
        ...securityGroups.map((id) => arn('security-group', id)),
      ],
    },
    {
      actions: [
        'ec2:CreateNetworkInterfacePermission',
        'ec2:DeleteNetworkInterface',
        'ec2:DeleteNetworkInterfacePermission',
      ],
      resources: [interfaces],
    },
    {
      actions: [
        'ec2:DescribeDhcpOptions',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSubnets',
        'ec2:DescribeVpcs',
      ],
      // Describing has no resource in IAM.
      resources: ['*'],
    },
  ];
  for (const statement of statements) {
    role.grantPrincipal.addToPrincipalPolicy(new iam.PolicyStatement(statement));
  }
}
