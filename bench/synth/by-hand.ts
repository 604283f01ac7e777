import { join } from 'node:path';
import {
  type App,
  CfnCustomResource,
  aws_cloudwatch as cloudwatch,
  Fn,
  aws_iam as iam,
  aws_lambda as lambda,
  Stack,
  aws_s3_assets as s3assets,
  aws_sagemaker as sagemaker,
} from 'aws-cdk-lib';
import { PER_STACK } from './guarded';

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

/** The same endpoints in hand-written L1: the same resources with the same properties, and nothing checked. */
export function declareByHand(app: App, count: number): void {
  for (let first = 0; first < count; first += PER_STACK) {
    const stack = new Stack(app, `Stack${first / PER_STACK}`);
    const names = Array.from({ length: Math.min(PER_STACK, count - first) }, (_, i) => `endpoint-${first + i}`);
    const verifier = declareVerifier(stack, names);
    for (const name of names) declareEndpoint(stack, name, verifier);
  }
}

function declareVerifier(stack: Stack, names: readonly string[]): lambda.CfnFunction {
  const asset = new s3assets.Asset(stack, 'Code', { path: join(process.cwd(), 'dist/lambda/verify-serving') });
  const endpoints = names.map((name) => arn(`sagemaker:\${AWS::Region}:\${AWS::AccountId}:endpoint/${name}`));
  const logs = arn('logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/*');
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
    code: { s3Bucket: asset.s3BucketName, s3Key: asset.s3ObjectKey },
    handler: 'index.handler',
    memorySize: 256,
    role: role.attrArn,
    runtime: 'nodejs22.x',
    timeout: 300,
  });
}

function declareEndpoint(stack: Stack, name: string, verifier: lambda.CfnFunction): void {
  const role = new iam.CfnRole(stack, `${name}Role`, {
    assumeRolePolicyDocument: trust('sagemaker.amazonaws.com'),
    policies: [{ policyName: 'Hosting', policyDocument: hostingPolicy(name) }],
  });
  const model = new sagemaker.CfnModel(stack, `${name}Model`, {
    executionRoleArn: role.attrArn,
    primaryContainer: {
      image: Fn.sub('${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/serving:v7'),
      modelDataUrl: `s3://artefacts/${name}/v7/model.tar.gz`,
    },
  });
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
  const variant = [
    { name: 'EndpointName', value: name },
    { name: 'VariantName', value: 'a' },
  ];
  const fleet = [...variant, { name: 'EndpointConfigName', value: config.attrEndpointConfigName }];
  const alarms = [fleet, variant].flatMap((dimensions, i) => [
    declareAlarm(stack, `${name}Errors${i}`, {
      dimensions,
      metricName: 'Invocation5XXErrors',
      statistic: 'Average',
      threshold: 0.02,
      datapointsToAlarm: 2,
      evaluationPeriods: 3,
    }),
    declareAlarm(stack, `${name}Latency${i}`, {
      dimensions,
      metricName: 'ModelLatency',
      extendedStatistic: 'p99',
      threshold: 250_000,
      datapointsToAlarm: 3,
      evaluationPeriods: 5,
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
  const serving = new CfnCustomResource(stack, `${name}Serving`, {
    serviceToken: verifier.attrArn,
    serviceTimeout: 600,
  });
  serving.addOverride('Type', 'Custom::SageMakerServing');
  serving.addPropertyOverride('EndpointName', endpoint.attrEndpointName);
  serving.addPropertyOverride('EndpointConfigName', config.attrEndpointConfigName);
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

const hostingPolicy = (name: string) => ({
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
      arn('ecr:${AWS::Region}:${AWS::AccountId}:repository/serving'),
    ),
    allow(['ecr:GetAuthorizationToken'], '*'),
    allow(['s3:GetObject'], arn(`s3:::artefacts/${name}/*`)),
    allow(['cloudwatch:DescribeAlarms'], arn(`cloudwatch:\${AWS::Region}:\${AWS::AccountId}:alarm:${name}-*`)),
  ],
});
