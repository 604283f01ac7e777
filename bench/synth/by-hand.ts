import { join } from 'node:path';
import {
  type App,
  CfnResource,
  aws_cloudwatch as cloudwatch,
  Fn,
  aws_iam as iam,
  aws_lambda as lambda,
  RemovalPolicy,
  Resource,
  Stack,
  aws_s3_assets as s3assets,
  aws_sagemaker as sagemaker,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { PER_STACK } from './guarded';
import { type Sources, sourcesOf } from './sources';

const arn = (rest: string) => Fn.sub(`arn:\${AWS::Partition}:${rest}`);
const trust = (service: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }],
});
const allow = (Action: string[], Resource: unknown, Condition?: unknown) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});

/**
 * The same endpoints in hand-written L1: the same resources with the same properties, and nothing checked. What no hand
 * would write is written all the same (the plan for people to read), so that both templates hold the same.
 */
export function declareByHand(app: App, count: number, parts: Parts = flat): void {
  for (let first = 0; first < count; first += PER_STACK) {
    const stack = new Stack(app, `Stack${first / PER_STACK}`);
    const names = Array.from({ length: Math.min(PER_STACK, count - first) }, (_, i) => `endpoint-${first + i}`);
    const verifier = declareVerifier(stack, names);
    const sources = sourcesOf(stack);
    for (const name of names) declareEndpoint(parts(stack, name), name, sources, verifier);
  }
}

/** The same with a construct for each part, as whoever shares such code writes it: what grouping alone costs. */
export const declareGrouped = (app: App, count: number): void => declareByHand(app, count, grouped);

/** Where the parts of one endpoint are drawn. */
interface Places {
  readonly model: Construct;
  readonly role: Construct;
  readonly endpoint: Construct;
  readonly fleet: Construct;
  readonly variant: Construct;
}
type Parts = (stack: Stack, name: string) => Places;

const flat: Parts = (stack) => ({ model: stack, role: stack, endpoint: stack, fleet: stack, variant: stack });

/** A group as aws-cdk's own constructs are one. */
class Part extends Resource {}

const grouped: Parts = (stack, name) => {
  const model = new Part(stack, `${name}ModelPart`);
  const role = new Part(model, 'Role');
  const endpoint = new Part(stack, `${name}EndpointPart`);
  return {
    model,
    role,
    endpoint,
    fleet: new Construct(endpoint, 'Fleet'),
    variant: new Construct(endpoint, 'Variant'),
  };
};

function declareVerifier(stack: Stack, names: readonly string[]): lambda.CfnFunction {
  const asset = new s3assets.Asset(stack, 'Code', { path: join(process.cwd(), 'dist/lambda/verify-serving') });
  const endpoints = names.map((name) => arn(`sagemaker:\${AWS::Region}:\${AWS::AccountId}:endpoint/${name}`));
  const logs = arn(`logs:\${AWS::Region}:\${AWS::AccountId}:log-group:/aws/lambda/${stack.stackName}*`);
  const role = new iam.CfnRole(stack, 'VerifierRole', {
    assumeRolePolicyDocument: trust('lambda.amazonaws.com'),
    policies: [
      {
        policyName: 'VerifyServing',
        policyDocument: {
          Version: '2012-10-17',
          Statement: [
            allow(['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], logs),
            allow(['sagemaker:DescribeEndpoint'], endpoints),
          ],
        },
      },
    ],
  });
  return new lambda.CfnFunction(stack, 'Verifier', {
    description: 'Fails a deployment whose endpoint serves another config than the requested one',
    code: { s3Bucket: asset.s3BucketName, s3Key: asset.s3ObjectKey },
    handler: 'index.handler',
    memorySize: 256,
    role: role.attrArn,
    runtime: 'nodejs22.x',
    timeout: 300,
  });
}

function declareEndpoint(parts: Places, name: string, sources: Sources, verifier: lambda.CfnFunction): void {
  const role = new iam.CfnRole(parts.role, `${name}Role`, {
    assumeRolePolicyDocument: trust('sagemaker.amazonaws.com'),
    policies: [{ policyName: 'Hosting', policyDocument: hostingPolicy(name, sources) }],
  });
  role.applyRemovalPolicy(RemovalPolicy.RETAIN);
  const model = new sagemaker.CfnModel(parts.model, `${name}Model`, {
    executionRoleArn: role.attrArn,
    primaryContainer: {
      image: sources.repository.repositoryUriForTag('v7'),
      modelDataUrl: sources.bucket.s3UrlForObject(`${name}/v7/model.tar.gz`),
    },
  });
  model.applyRemovalPolicy(RemovalPolicy.RETAIN);
  const config = new sagemaker.CfnEndpointConfig(parts.endpoint, `${name}Config`, {
    productionVariants: [
      {
        variantName: 'a',
        modelName: model.attrModelName,
        instanceType: 'ml.m5.xlarge',
        initialInstanceCount: 4,
      },
    ],
  });
  config.applyRemovalPolicy(RemovalPolicy.RETAIN);
  const variant = [
    { name: 'EndpointName', value: name },
    { name: 'VariantName', value: 'a' },
  ];
  const fleet = [...variant, { name: 'EndpointConfigName', value: config.attrEndpointConfigName }];
  const fleets = [
    { which: '-fleet', dimensions: fleet, scope: parts.fleet },
    { which: '', dimensions: variant, scope: parts.variant },
  ];
  const alarms = fleets.flatMap(({ which, dimensions, scope }) => [
    declareAlarm(scope, `${name}-ErrorRate${which}-0123abcd`, {
      dimensions,
      metricName: 'Invocation5XXErrors',
      statistic: 'Average',
      threshold: 0.02,
      datapointsToAlarm: 2,
      evaluationPeriods: 5,
    }),
    declareAlarm(scope, `${name}-LatencyP99${which}-0123abcd`, {
      dimensions,
      metricName: 'ModelLatency',
      extendedStatistic: 'p99',
      threshold: 250_000,
      datapointsToAlarm: 3,
      evaluationPeriods: 7,
    }),
  ]);
  const endpoint = new sagemaker.CfnEndpoint(parts.endpoint, `${name}Endpoint`, {
    endpointName: name,
    endpointConfigName: config.attrEndpointConfigName,
    deploymentConfig: {
      autoRollbackConfiguration: { alarms: alarms.map(({ ref }) => ({ alarmName: ref })) },
      blueGreenUpdatePolicy: {
        maximumExecutionTimeoutInSeconds: 5100,
        terminationWaitInSeconds: 900,
        trafficRoutingConfiguration: {
          type: 'CANARY',
          canarySize: { type: 'INSTANCE_COUNT', value: 1 },
          waitIntervalInSeconds: 600,
        },
      },
    },
  });
  new CfnResource(parts.endpoint, `${name}Serving`, {
    type: 'Custom::SageMakerServing',
    properties: {
      ServiceToken: verifier.attrArn,
      ServiceTimeout: 600,
      EndpointName: endpoint.attrEndpointName,
      EndpointConfigName: config.attrEndpointConfigName,
      Plan: {
        instanceCount: 4,
        strategy: 'canary',
        steps: [
          { percent: 25, bake: 'PT10M' },
          { percent: 100, bake: 'PT15M' },
        ],
      },
    },
  });
}

type AlarmProps = Omit<cloudwatch.CfnAlarmProps, 'comparisonOperator'>;

const declareAlarm = (scope: Construct, id: string, props: AlarmProps): cloudwatch.CfnAlarm =>
  new cloudwatch.CfnAlarm(scope, id, {
    ...props,
    alarmName: id,
    namespace: 'AWS/SageMaker',
    period: 60,
    comparisonOperator: 'GreaterThanThreshold',
    treatMissingData: 'notBreaching',
  });

const hostingPolicy = (name: string, { bucket, repository }: Sources) => ({
  Version: '2012-10-17',
  Statement: [
    allow(
      ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      arn('logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/sagemaker/Endpoints/*'),
    ),
    allow(['cloudwatch:PutMetricData'], '*', {
      StringEquals: { 'cloudwatch:namespace': ['AWS/SageMaker', '/aws/sagemaker/Endpoints'] },
    }),
    allow(
      ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      repository.repositoryArn,
    ),
    allow(['ecr:GetAuthorizationToken'], '*'),
    allow(['s3:GetObject'], bucket.arnForObjects(`${name}/*`)),
    allow(['cloudwatch:DescribeAlarms'], arn(`cloudwatch:\${AWS::Region}:\${AWS::AccountId}:alarm:${name}-*`)),
  ],
});
