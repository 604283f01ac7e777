import { join } from 'node:path';
import {
  type App,
  CfnResource,
  aws_cloudwatch as cloudwatch,
  Fn,
  aws_iam as iam,
  aws_lambda as lambda,
  RemovalPolicy,
  Stack,
  aws_s3_assets as s3assets,
  aws_sagemaker as sagemaker,
} from 'aws-cdk-lib';
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
export function declareByHand(app: App, count: number): void {
  for (let first = 0; first < count; first += PER_STACK) {
    const stack = new Stack(app, `Stack${first / PER_STACK}`);
    const names = Array.from({ length: Math.min(PER_STACK, count - first) }, (_, i) => `endpoint-${first + i}`);
    const verifier = declareVerifier(stack, names);
    const sources = sourcesOf(stack);
    for (const name of names) declareEndpoint(stack, name, sources, verifier);
  }
}

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

function declareEndpoint(stack: Stack, name: string, sources: Sources, verifier: lambda.CfnFunction): void {
  const role = new iam.CfnRole(stack, `${name}Role`, {
    assumeRolePolicyDocument: trust('sagemaker.amazonaws.com'),
    policies: [{ policyName: 'Hosting', policyDocument: hostingPolicy(name, sources) }],
  });
  role.applyRemovalPolicy(RemovalPolicy.RETAIN);
  const model = new sagemaker.CfnModel(stack, `${name}Model`, {
    executionRoleArn: role.attrArn,
    primaryContainer: {
      image: sources.repository.repositoryUriForTag('v7'),
      modelDataUrl: sources.bucket.s3UrlForObject(`${name}/v7/model.tar.gz`),
    },
  });
  model.applyRemovalPolicy(RemovalPolicy.RETAIN);
  const config = new sagemaker.CfnEndpointConfig(stack, `${name}Config`, {
    productionVariants: [
      {
        variantName: 'a',
        modelName: model.attrModelName,
        instanceType: 'ml.m5.xlarge',
        initialInstanceCount: 4,
        initialVariantWeight: 1,
      },
    ],
  });
  config.applyRemovalPolicy(RemovalPolicy.RETAIN);
  const variant = [
    { name: 'EndpointName', value: name },
    { name: 'VariantName', value: 'a' },
  ];
  const fleet = [...variant, { name: 'EndpointConfigName', value: config.attrEndpointConfigName }];
  const fleets = { '-fleet': fleet, '': variant };
  const alarms = Object.entries(fleets).flatMap(([which, dimensions]) => [
    declareAlarm(stack, `${name}-ErrorRate${which}-0123abcd`, {
      dimensions,
      metricName: 'Invocation5XXErrors',
      statistic: 'Average',
      threshold: 0.02,
      datapointsToAlarm: 2,
      evaluationPeriods: 5,
    }),
    declareAlarm(stack, `${name}-LatencyP99${which}-0123abcd`, {
      dimensions,
      metricName: 'ModelLatency',
      extendedStatistic: 'p99',
      threshold: 250_000,
      datapointsToAlarm: 3,
      evaluationPeriods: 7,
    }),
  ]);
  const endpoint = new sagemaker.CfnEndpoint(stack, `${name}Endpoint`, {
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
  new CfnResource(stack, `${name}Serving`, {
    type: 'Custom::SageMakerServing',
    properties: {
      ServiceToken: verifier.attrArn,
      ServiceTimeout: 600,
      EndpointName: endpoint.attrEndpointName,
      EndpointConfigName: config.attrEndpointConfigName,
      Plan: {
        endpoint: name,
        instanceCount: 4,
        strategy: 'canary',
        steps: [
          { percent: 25, bake: 'PT10M' },
          { percent: 100, bake: 'PT15M' },
        ],
        alarms: ['Fleet/ErrorRate', 'Fleet/LatencyP99', 'ErrorRate', 'LatencyP99'],
      },
    },
  });
}

type AlarmProps = Omit<cloudwatch.CfnAlarmProps, 'comparisonOperator'>;

const declareAlarm = (stack: Stack, id: string, props: AlarmProps): cloudwatch.CfnAlarm =>
  new cloudwatch.CfnAlarm(stack, id, {
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
