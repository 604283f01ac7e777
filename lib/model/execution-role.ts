import { aws_iam as iam, Lazy, RemovalPolicy, Resource, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { joinsAsSubs } from '../private/joins-as-subs';

/**
 * The role that a model's containers run with. Its one policy is inside the role, so that a grant never adds a
 * resource, and the permissions exist as soon as the role does. It outlives the stack, for the models that do.
 *
 * Not aws-cdk's own Role, which is slow to draw: a fleet of models has one each.
 */
export class ExecutionRole extends Resource implements iam.IRole {
  public readonly grantPrincipal: iam.IPrincipal = this;
  public readonly assumeRoleAction = 'sts:AssumeRole';
  public readonly principalAccount: string;
  public readonly roleArn: string;
  public readonly roleName: string;
  private readonly grants: iam.PolicyStatement[] = [];
  private rendered?: unknown[];
  private readonly managedPolicies: iam.IManagedPolicy[] = [];

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const policyDocument = { Statement: joinsAsSubs(() => this.statements()), Version: '2012-10-17' };
    const resource = new iam.CfnRole(this, 'Resource', {
      assumeRolePolicyDocument: {
        Statement: [
          { Action: this.assumeRoleAction, Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' } },
        ],
        Version: '2012-10-17',
      },
      policies: [{ policyName: 'Hosting', policyDocument }],
      managedPolicyArns: Lazy.list(
        { produce: () => this.managedPolicies.map(({ managedPolicyArn }) => managedPolicyArn) },
        { omitEmpty: true },
      ),
    });
    resource.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.node.defaultChild = resource;
    this.principalAccount = this.env.account;
    this.roleArn = resource.attrArn;
    this.roleName = resource.ref;
    this.node.addValidation({ validate: () => this.grants.flatMap((grant) => grant.validateForIdentityPolicy()) });
  }

  public get roleRef(): iam.RoleReference {
    return { roleArn: this.roleArn, roleName: this.roleName };
  }

  public get policyFragment(): iam.PrincipalPolicyFragment {
    return new iam.ArnPrincipal(this.roleArn).policyFragment;
  }

  public addToPolicy(statement: iam.PolicyStatement): boolean {
    return this.addToPrincipalPolicy(statement).statementAdded;
  }

  public addToPrincipalPolicy(statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    this.grants.push(statement);
    this.rendered = undefined;
    return { statementAdded: true, policyDependable: this };
  }

  public attachInlinePolicy(policy: iam.Policy): void {
    policy.attachToRole(this);
  }

  public addManagedPolicy(policy: iam.IManagedPolicy): void {
    if (!this.managedPolicies.includes(policy)) this.managedPolicies.push(policy);
  }

  public grant(grantee: iam.IPrincipal, ...actions: string[]): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [this.roleArn] });
  }

  public grantPassRole(grantee: iam.IPrincipal): iam.Grant {
    return this.grant(grantee, 'iam:PassRole');
  }

  public grantAssumeRole(grantee: iam.IPrincipal): iam.Grant {
    return this.grant(grantee, 'sts:AssumeRole');
  }

  /** Rendered once: aws-cdk asks at each of its passes. What was granted twice is there once. */
  private statements(): unknown[] {
    if (this.rendered === undefined) {
      const granted = this.grants.map((grant) => grant.freeze().toStatementJson());
      this.rendered = [...TELEMETRY, ...new Map(granted.map((each) => [JSON.stringify(each), each])).values()];
    }
    return this.rendered;
  }
}

/** What every hosted container does. https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createmodel-perms */
const TELEMETRY = [
  {
    Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
    Effect: 'Allow',
    Resource: {
      'Fn::Sub': 'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/sagemaker/Endpoints/*',
    },
  },
  {
    Action: 'cloudwatch:PutMetricData',
    Condition: { StringEquals: { 'cloudwatch:namespace': ['AWS/SageMaker', '/aws/sagemaker/Endpoints'] } },
    Effect: 'Allow',
    // A metric has no ARN; the namespace is what can be limited.
    Resource: '*',
  },
];

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
