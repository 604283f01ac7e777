import {
  App,
  CfnParameter,
  aws_ec2 as ec2,
  aws_ecr as ecr,
  Fn,
  aws_iam as iam,
  aws_kms as kms,
  RemovalPolicy,
  Stack,
  aws_s3 as s3,
  aws_sagemaker as sagemaker,
} from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { beforeEach, describe, expect, test } from 'vitest';
import { type ContainerDefinition, ContainerImage, Model, ModelData, type ModelProps } from '../../../lib/model';
import { fingerprintOfModel, nameOfModel } from '../../../lib/model/fingerprint';

let stack: Stack;
let repository: ecr.IRepository;
let bucket: s3.IBucket;
beforeEach(() => {
  stack = new Stack(new App(), 'S');
  repository = ecr.Repository.fromRepositoryName(stack, 'Repository', 'fraud');
  bucket = s3.Bucket.fromBucketName(stack, 'Bucket', 'artefacts');
});

const fraud = (version: string): ContainerDefinition => ({
  image: ContainerImage.fromEcrRepository(repository, version),
  modelData: ModelData.fromBucket(bucket, `fraud/${version}/model.tar.gz`),
});
const bare = (): ContainerDefinition => ({ image: ContainerImage.fromEcrRepository(repository, 'v7') });
const model = (props: Partial<ModelProps> = {}, id = 'Model') =>
  new Model(stack, id, { containers: [fraud('v7')], ...props });
const modelProperties = () =>
  Object.values(Template.fromStack(stack).findResources('AWS::SageMaker::Model'))[0].Properties;
const statements = () => {
  const [role] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
  expect(role.Properties.Policies).toHaveLength(1);
  return role.Properties.Policies[0].PolicyDocument.Statement as {
    Action: string | string[];
    Resource: unknown;
    Condition?: unknown;
  }[];
};
const allowed = (action: string) => statements().filter(({ Action }) => [Action].flat().includes(action));

describe('a model', () => {
  test('is one model and one role, both kept when the stack lets go of them', () => {
    model();
    const template = Template.fromStack(stack);
    expect(Object.keys(template.toJSON().Resources)).toHaveLength(2);
    for (const type of ['AWS::SageMaker::Model', 'AWS::IAM::Role']) {
      template.hasResource(type, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    }
  });

  test('has no name of its own, so that a new version can stand beside the old one', () => {
    model();
    expect(modelProperties()).not.toHaveProperty('ModelName');
  });

  test('renders one container as the primary one', () => {
    model({ containers: [{ ...fraud('v7'), environment: { LEVEL: '2' } }], networkIsolation: true });
    expect(modelProperties()).toMatchObject({
      EnableNetworkIsolation: true,
      PrimaryContainer: {
        ModelDataUrl: 's3://artefacts/fraud/v7/model.tar.gz',
        Environment: { LEVEL: '2' },
      },
    });
    expect(modelProperties()).not.toHaveProperty('Containers');
  });

  test('renders several containers as a pipeline, in order', () => {
    model({
      containers: [
        { ...bare(), containerHostname: 'prepare' },
        { ...fraud('v7'), containerHostname: 'score' },
      ],
    });
    expect(
      modelProperties().Containers.map((container: { ContainerHostname: string }) => container.ContainerHostname),
    ).toEqual(['prepare', 'score']);
    expect(modelProperties()).not.toHaveProperty('PrimaryContainer');
  });

  test('renders a version of a model package without image and data', () => {
    const modelPackageArn = 'arn:aws:sagemaker:eu-west-1:123456789012:model-package/fraud/7';
    model({ containers: [{ modelPackageArn }] });
    expect(modelProperties().PrimaryContainer).toEqual({ ModelPackageName: modelPackageArn });
  });

  test('pins its default child', () => {
    expect(model().node.defaultChild).toBeInstanceOf(sagemaker.CfnModel);
  });

  test('is referred to by its ARN, and called by its name', () => {
    const made = model();
    expect(stack.resolve(made.modelRef.modelArn)).toEqual({ Ref: 'Model0301700E' });
    expect(stack.resolve(made.modelName)).toEqual({ 'Fn::GetAtt': ['Model0301700E', 'ModelName'] });
  });
});

describe('the execution role', () => {
  test('is assumed by SageMaker alone and has no managed policy', () => {
    model();
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' } }],
      },
      ManagedPolicyArns: Match.absent(),
    });
  });

  test('allows star on nothing that has an ARN', () => {
    model({ vpc: new ec2.Vpc(stack, 'Vpc') });
    const open = statements().filter(({ Resource }) => [Resource].flat().includes('*'));
    expect(open.flatMap(({ Action }) => Action).sort()).toEqual([
      'cloudwatch:PutMetricData',
      'ec2:DescribeDhcpOptions',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSecurityGroups',
      'ec2:DescribeSubnets',
      'ec2:DescribeVpcs',
      'ecr:GetAuthorizationToken',
    ]);
    expect(
      statements()
        .flatMap(({ Action }) => Action)
        .filter((action) => action.includes('*')),
    ).toEqual([]);
  });

  test('publishes metrics only into the namespaces of SageMaker', () => {
    model();
    expect(allowed('cloudwatch:PutMetricData')[0].Condition).toEqual({
      StringEquals: { 'cloudwatch:namespace': ['AWS/SageMaker', '/aws/sagemaker/Endpoints'] },
    });
  });

  test('pulls from the one repository', () => {
    model();
    expect(JSON.stringify(allowed('ecr:BatchGetImage').map(({ Resource }) => Resource))).toContain(
      ':repository/fraud"',
    );
  });

  test.each([
    ['fraud/v7/model.tar.gz', undefined, 'fraud/*'],
    ['fraud/exports/v7/model.tar.gz', undefined, 'fraud/*'],
    ['models/fraud/v7/model.tar.gz', 'models/fraud/', 'models/fraud/*'],
    ['model.tar.gz', undefined, '*'],
  ])('reads every generation of %s (family %s), and nothing beside', (key, familyPrefix, objects) => {
    model({ containers: [{ ...bare(), modelData: ModelData.fromBucket(bucket, key, { familyPrefix }) }] });
    expect(allowed('s3:GetObject').map(({ Resource }) => Resource)).toEqual([
      { 'Fn::Sub': `arn:\${AWS::Partition}:s3:::artefacts/${objects}` },
    ]);
    expect(allowed('s3:ListBucket')).toEqual([]);
  });

  test('stays one resource whatever is granted to the model', () => {
    const other = new s3.Bucket(stack, 'Other', { encryptionKey: new kms.Key(stack, 'Key') });
    const made = model();
    other.grantRead(made);
    other.grantRead(made.role!);
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
    expect(allowed('kms:Decrypt')).toHaveLength(1);
  });

  test('is passed, assumed and extended as any role of the stack is', () => {
    const role = model().role!;
    const deployer = new iam.Role(stack, 'Deployer', { assumedBy: new iam.AccountRootPrincipal() });
    role.grantPassRole(deployer);
    role.grantAssumeRole(deployer);
    role.addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName('AWSXRayDaemonWriteAccess'));
    const policy = new iam.Policy(stack, 'Extra', {
      statements: [new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::extra/*'] })],
    });
    role.attachInlinePolicy(policy);
    policy.attachToRole(role);
    iam.PermissionsBoundary.of(stack).apply(iam.ManagedPolicy.fromManagedPolicyArn(stack, 'Limit', 'arn:limit'));
    const template = Template.fromStack(stack);
    const logicalId = stack.getLogicalId(role.node.defaultChild as iam.CfnRole);
    const arn = { 'Fn::GetAtt': [logicalId, 'Arn'] };
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: ['iam:PassRole', 'sts:AssumeRole'].map((Action) => ({ Action, Effect: 'Allow', Resource: arn })),
      },
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: Match.stringLikeRegexp('^Extra'),
      Roles: [{ Ref: logicalId }],
    });
    template.hasResourceProperties('AWS::IAM::Role', {
      Policies: [Match.objectLike({ PolicyName: 'Hosting' })],
      ManagedPolicyArns: [
        { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/AWSXRayDaemonWriteAccess']] },
      ],
      PermissionsBoundary: 'arn:limit',
    });
  });

  test('may be a principal of a resource policy', () => {
    const role = model().role!;
    new s3.Bucket(stack, 'Shared').addToResourcePolicy(
      new iam.PolicyStatement({ actions: ['s3:GetObject'], principals: [role], resources: ['arn:aws:s3:::b/*'] }),
    );
    const arn = { 'Fn::GetAtt': [stack.getLogicalId(role.node.defaultChild as iam.CfnRole), 'Arn'] };
    Template.fromStack(stack).hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: { Statement: [Match.objectLike({ Principal: { AWS: arn } })] },
    });
  });

  test('fails on a statement that allows nothing', () => {
    const role = model().role!;
    expect(role.node.validate()).toEqual([]);
    role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['s3:GetObject'] }));
    expect(role.node.validate()).toEqual([expect.stringContaining('resource')]);
  });

  test('decrypts an artefact whose bucket has a key, and the template stays free of cycles', () => {
    const encrypted = new s3.Bucket(stack, 'Other', { encryptionKey: new kms.Key(stack, 'Key') });
    model({ containers: [{ ...bare(), modelData: ModelData.fromBucket(encrypted, 'fraud/v7/model.tar.gz') }] });
    // Template.fromStack refuses a cycle.
    expect(allowed('kms:Decrypt')).toHaveLength(1);
  });

  test('of your own gets what the model needs, before the model is made', () => {
    model({ role: new iam.Role(stack, 'Mine', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') }) });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::Role', 1);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 's3:GetObject' })]) },
    });
    template.hasResource('AWS::SageMaker::Model', {
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('MineDefaultPolicy')]),
    });
  });
});

describe('a model in a VPC', () => {
  test('joins the private subnets with a security group of its own', () => {
    model({ vpc: new ec2.Vpc(stack, 'Vpc') }).connections.allowFromAnyIpv4(ec2.Port.tcp(443));
    expect(modelProperties().VpcConfig.Subnets).toHaveLength(2);
    expect(modelProperties().VpcConfig.SecurityGroupIds).toEqual([
      { 'Fn::GetAtt': [expect.stringContaining('SecurityGroup'), 'GroupId'] },
    ]);
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: [Match.objectLike({ FromPort: 443 })],
    });
  });

  test('makes network interfaces only in its subnets', () => {
    model({ vpc: new ec2.Vpc(stack, 'Vpc') });
    const [create] = allowed('ec2:CreateNetworkInterface');
    expect(create.Resource).toHaveLength(4);
    expect(JSON.stringify(create.Resource)).not.toContain('subnet/*');
  });

  test('may pull from a registry inside it', () => {
    const image = ContainerImage.fromRegistry('registry.corp.example:5000/fraud:v7', {
      credentialsProviderArn: 'arn:aws:lambda:eu-west-1:123456789012:function:login',
    });
    model({ vpc: new ec2.Vpc(stack, 'Vpc'), containers: [{ image }] });
    expect(modelProperties().PrimaryContainer).toEqual({
      Image: 'registry.corp.example:5000/fraud:v7',
      ImageConfig: {
        RepositoryAccessMode: 'Vpc',
        RepositoryAuthConfig: {
          RepositoryCredentialsProviderArn: 'arn:aws:lambda:eu-west-1:123456789012:function:login',
        },
      },
    });
  });

  test('fails without a VPC on such a registry', () => {
    expect(() => model({ containers: [{ image: ContainerImage.fromRegistry('docker.io/fraud:v7') }] })).toThrow(
      'ModelImageRegistry',
    );
  });

  test('fails on subnets or security groups without a VPC, and on connections', () => {
    expect(() => model({ vpcSubnets: {}, securityGroups: [] })).toThrow(
      /2 problems[\s\S]*vpcSubnets[\s\S]*securityGroups/,
    );
    expect(() => model({}, 'Other').connections).toThrow('ModelVpc');
  });

  test('fails on six security groups and on none', () => {
    const vpc = new ec2.Vpc(stack, 'Vpc');
    const groups = (count: number) =>
      Array.from({ length: count }, (_, i) => ec2.SecurityGroup.fromSecurityGroupId(stack, `G${count}${i}`, `sg-${i}`));
    expect(() => model({ vpc, securityGroups: groups(6) })).toThrow('1 to 5 groups, got 6');
    expect(() => model({ vpc, securityGroups: groups(0) }, 'None')).toThrow('1 to 5 groups, got 0');
    expect(() => model({ vpc, securityGroups: groups(5) }, 'Five')).not.toThrow();
  });
});

describe('what SageMaker would refuse', () => {
  const many = (count: number, make: (i: number) => string) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [make(i), 'x']));
  test.each<[string, () => ContainerDefinition[], string]>([
    ['fails on no container', () => [], '1 to 15 containers, got 0'],
    ['fails on sixteen containers', () => Array.from({ length: 16 }, bare), 'got 16'],
    [
      'fails on a container of nothing',
      () => [{}],
      'containers[0] must have an image or a modelPackageArn, got neither',
    ],
    [
      'fails on image and package',
      () => [{ ...bare(), modelPackageArn: 'arn:aws:sagemaker:eu-west-1:123456789012:model-package/fraud/7' }],
      'got both',
    ],
    [
      'fails on a package that is a name',
      () => [{ modelPackageArn: 'fraud' }],
      "must be the ARN of a model package, got 'fraud'",
    ],
    ['fails on a variable with a hyphen', () => [{ ...bare(), environment: { 'LOG-LEVEL': 'x' } }], "got 'LOG-LEVEL'"],
    [
      'fails on a value of 1025 bytes',
      () => [{ ...bare(), environment: { A: 'x'.repeat(1025) } }],
      'must fit 1024 bytes, got 1025',
    ],
    ['fails on 101 variables', () => [{ ...bare(), environment: many(101, (i) => `V${i}`) }], 'got 101'],
    [
      'fails on more than 32 KB of variables in all',
      () => Array.from({ length: 3 }, () => ({ ...bare(), environment: many(12, (i) => `V${i}${'x'.repeat(1000)}`) })),
      'must fit 32768 bytes',
    ],
    [
      'fails on a hostname in one container of two',
      () => [{ ...bare(), containerHostname: 'a' }, bare()],
      'got 1 of 2',
    ],
    [
      'fails on the same hostname twice',
      () => [
        { ...bare(), containerHostname: 'a' },
        { ...bare(), containerHostname: 'a' },
      ],
      'got a, a',
    ],
    ['fails on a hostname with an underscore', () => [{ ...bare(), containerHostname: 'a_b' }], "got 'a_b'"],
  ])('%s', (_name, containers, message) => {
    expect(() => model({ containers: containers() })).toThrow(message);
  });

  test('fails once, with the path and every problem', () => {
    expect(() =>
      model({ containers: [{}, { ...bare(), environment: { '1A': 'x' }, containerHostname: 'a_b' }] }),
    ).toThrow(/Model at S\/Model has 4 problems/);
  });

  test('accepts tokens wherever a string is wanted', () => {
    const text = new CfnParameter(stack, 'Text').valueAsString;
    const containers = [
      { ...bare(), environment: { A: text }, containerHostname: text, modelData: ModelData.fromBucket(bucket, text) },
      { modelPackageArn: text, containerHostname: `${text}2` },
    ];
    expect(() => model({ containers })).not.toThrow();
  });
});

describe('a model from elsewhere', () => {
  test('has the ARN of this account and region by its name', () => {
    const made = Model.fromModelName(stack, 'Imported', 'fraud-7');
    expect(made.modelName).toBe('fraud-7');
    expect(JSON.stringify(stack.resolve(made.modelRef.modelArn))).toContain(':model/fraud-7"');
  });

  test('has its name from its ARN, a token as well', () => {
    expect(Model.fromModelArn(stack, 'A', 'arn:aws:sagemaker:eu-west-1:123456789012:model/fraud-7').modelName).toBe(
      'fraud-7',
    );
    const made = Model.fromModelArn(stack, 'B', Fn.importValue('ModelArn'));
    expect(stack.resolve(made.modelName)).toEqual({
      'Fn::Select': [
        1,
        { 'Fn::Split': ['/', { 'Fn::Select': [5, { 'Fn::Split': [':', { 'Fn::ImportValue': 'ModelArn' }] }] }] },
      ],
    });
  });

  test('takes grants only when its role is known', () => {
    const modelArn = 'arn:aws:sagemaker:eu-west-1:123456789012:model/fraud-7';
    const role = iam.Role.fromRoleName(stack, 'Role', 'theirs');
    bucket.grantRead(Model.fromModelAttributes(stack, 'Known', { modelArn, role }));
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 1);
  });

  test('fails on a name with an underscore and on an ARN without a name', () => {
    expect(() => Model.fromModelName(stack, 'A', 'fraud_7')).toThrow("got 'fraud_7'");
    expect(() => Model.fromModelArn(stack, 'B', 'arn:aws:sagemaker:eu-west-1:123456789012:model')).toThrow('ModelArn');
    for (const arn of ['fraud-7', 'arn:aws:s3:::models', 'arn:aws:sagemaker:eu-west-1:123456789012:endpoint/fraud']) {
      expect(() => Model.fromModelArn(stack, arn, arn)).toThrow(`must be the ARN of a model, got '${arn}' [ModelArn]`);
    }
  });
});

describe('the fingerprint', () => {
  const of = (container: Partial<ContainerDefinition>, id: string) =>
    fingerprintOfModel(model({ containers: [{ ...fraud('v7'), ...container }] }, id));

  test('is the same for the same content, in whatever order it was written', () => {
    expect(of({ environment: { A: '1', B: '2' } }, 'A')).toBe(of({ environment: { B: '2', A: '1' } }, 'B'));
    expect(of({}, 'C')).toMatch(/^[0-9a-f]{8}$/);
  });

  test('changes with image, data, environment and package', () => {
    const all = [
      of({}, 'A'),
      of({ image: ContainerImage.fromEcrRepository(repository, 'v8') }, 'B'),
      of({ modelData: ModelData.fromBucket(bucket, 'fraud/v8/model.tar.gz') }, 'C'),
      of({ environment: { A: '1' } }, 'D'),
      of(
        {
          image: undefined,
          modelData: undefined,
          modelPackageArn: 'arn:aws:sagemaker:eu-west-1:123456789012:model-package/fraud/7',
        },
        'E',
      ),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  test('changes with what an escape hatch makes of the containers, and with no other property', () => {
    const ours = model({ containers: [fraud('v7')] }, 'A');
    const l1 = new sagemaker.CfnModel(stack, 'B', { primaryContainer: { image: 'v7' } });
    for (const [any, resource] of [
      [ours, ours.node.defaultChild as sagemaker.CfnModel],
      [l1, l1],
    ] as const) {
      const before = fingerprintOfModel(any);
      resource.addPropertyOverride('EnableNetworkIsolation', true);
      expect(fingerprintOfModel(any)).toBe(before);
      resource.addPropertyOverride('PrimaryContainer.Image', 'v8');
      const overridden = fingerprintOfModel(any);
      expect(overridden).not.toBe(before);
      resource.primaryContainer = { image: 'v9' };
      expect(fingerprintOfModel(any)).not.toBe(overridden);
    }
  });

  test('of an L1 follows its content, and of an imported model its name', () => {
    const l1 = (id: string, image: string) => new sagemaker.CfnModel(stack, id, { primaryContainer: { image } });
    expect(fingerprintOfModel(l1('A', 'v7'))).toBe(fingerprintOfModel(l1('B', 'v7')));
    expect(fingerprintOfModel(l1('C', 'v8'))).not.toBe(fingerprintOfModel(l1('D', 'v7')));
    const imported = (id: string, name: string) => fingerprintOfModel(Model.fromModelName(stack, id, name));
    expect(imported('E', 'fraud-7')).not.toBe(imported('F', 'fraud-8'));
  });

  test('names every kind of model for an endpoint config', () => {
    const l1 = new sagemaker.CfnModel(stack, 'A', { primaryContainer: { image: 'v7' }, modelName: 'physical' });
    l1.applyRemovalPolicy(RemovalPolicy.RETAIN);
    expect(stack.resolve(nameOfModel(l1))).toEqual({ 'Fn::GetAtt': ['A', 'ModelName'] });
    expect(nameOfModel(Model.fromModelName(stack, 'B', 'fraud-7'))).toBe('fraud-7');
    expect(stack.resolve(nameOfModel(model()))).toEqual({ 'Fn::GetAtt': ['Model0301700E', 'ModelName'] });
  });
});
