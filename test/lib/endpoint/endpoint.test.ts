import {
  App,
  aws_cloudwatch as cloudwatch,
  Duration,
  aws_iam as iam,
  aws_kms as kms,
  RemovalPolicy,
  Stack,
  aws_s3 as s3,
  Tags,
} from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CfnEndpoint, CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import { describe, expect, test } from 'vitest';
import * as rollouts from '../../../lib';
import { canary, fourAlarms, fourInstances, fraud, fraudModel } from './fraud';

const names = (template: Template) =>
  Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties.AlarmName);
const ofEndpoint = (stack: Stack) =>
  Object.entries(Template.fromStack(stack).toJSON().Resources).filter(([id]) => !id.startsWith('ServingVerifier'));

describe('an endpoint', () => {
  test('with four alarms is nine resources, and a verifier that the stack shares', () => {
    const { stack } = fraud();
    new rollouts.Endpoint(stack, 'Second', {
      model: fraudModel(stack, 'v1', 'SecondModel'),
      hosting: fourInstances,
      strategy: canary,
      rollbackAlarms: fourAlarms,
    });
    const types = ofEndpoint(stack).map(([, resource]) => (resource as { Type: string }).Type);
    expect(types).toHaveLength(18);
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 1);
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Role', 3);
  });

  test('costs at most 3.5 kB of template besides its model with its role, and 5.2 kB with them', () => {
    // Counted without white space, with ids, without the verifier that the stack shares.
    const sizes = ofEndpoint(fraud().stack).map(
      ([id, resource]) => [id, JSON.stringify({ [id]: resource }).length] as const,
    );
    const sum = (some: typeof sizes) => some.reduce((total, [, size]) => total + size, 0);
    expect(sum(sizes.filter(([id]) => !id.startsWith('Model')))).toBeLessThanOrEqual(3500);
    expect(sum(sizes)).toBeLessThanOrEqual(5200);
  });

  test('lets the verifier describe exactly its own endpoints, in the spelling of their ARNs', () => {
    const { stack } = fraud({ endpointName: 'Fraud-EU' });
    const role = Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Role')).find(([id]) =>
      id.startsWith('ServingVerifier'),
    )![1];
    const text = JSON.stringify(role.Properties.Policies[0].PolicyDocument.Statement[1]);
    expect(text).toContain(':endpoint/Fraud-EU"');
    expect(text).toContain(':endpoint/fraud-eu"');
    expect(text).not.toContain('*');
  });

  test('and seventy others in one stack are looked at within what IAM takes of a role and of a policy', () => {
    const stack = new Stack(new App(), 'FraudDetection');
    const model = rollouts.Model.fromModelName(stack, 'Model', 'fraud-7');
    for (let i = 0; i < 70; i++) {
      const endpointName = `Customer-${'x'.repeat(50)}-${i}`;
      new rollouts.Endpoint(stack, `E${i}`, { endpointName, model, hosting: fourInstances, strategy: canary });
    }
    const template = Template.fromStack(stack);
    const resolved = (document: unknown) =>
      JSON.stringify(document)
        .replaceAll(/\{"Fn::Sub":("[^"]*")\}/g, '$1')
        .replaceAll('${AWS::Partition}', 'aws-us-gov')
        .replaceAll('${AWS::Region}', 'ap-southeast-1')
        .replaceAll('${AWS::AccountId}', '123456789012');
    const [role] = Object.values(template.findResources('AWS::IAM::Role'));
    const own = resolved(role.Properties.Policies.map((each: { PolicyDocument: unknown }) => each.PolicyDocument));
    const managed = template.findResources('AWS::IAM::ManagedPolicy');
    const documents = Object.values(managed).map(({ Properties }) => resolved(Properties.PolicyDocument));
    expect(own.length).toBeLessThanOrEqual(10_240);
    for (const document of documents) expect(document.length).toBeLessThanOrEqual(6144);
    expect(documents.length).toBeLessThanOrEqual(10);
    // Each is named in both spellings, by one policy that is there before it is looked at.
    for (let i = 0; i < 70; i++) {
      const name = `Customer-${'x'.repeat(50)}-${i}"`;
      const text = [own, ...documents].find((document) => document.includes(name));
      expect(text).toContain(name.toLowerCase());
    }
    const waiting = Object.values(template.findResources('Custom::SageMakerServing')).flatMap(
      ({ DependsOn }) => DependsOn ?? [],
    );
    expect(new Set(waiting)).toEqual(new Set(Object.keys(managed)));
  });

  test('gives its alarms new names with each version, and keeps their logical ids', () => {
    const [first, again, second] = ['v7', 'v7', 'v8'].map((version) => Template.fromStack(fraud({}, version).stack));
    expect(names(again)).toEqual(names(first));
    expect(names(second).filter((name) => names(first).includes(name))).toEqual([]);
    expect(Object.keys(second.findResources('AWS::CloudWatch::Alarm'))).toEqual(
      Object.keys(first.findResources('AWS::CloudWatch::Alarm')),
    );
  });

  test('gives its alarms new names when only an override changes the config', () => {
    const { stack, endpoint } = fraud();
    const before = names(Template.fromStack(fraud().stack));
    (endpoint.node.findChild('Config') as CfnModel).addPropertyOverride('ProductionVariants.0.VolumeSizeInGB', 30);
    expect(names(Template.fromStack(stack)).filter((name) => before.includes(name))).toEqual([]);
  });

  test('gives its alarms new names when only an override changes the model', () => {
    const { stack } = fraud();
    const before = names(Template.fromStack(fraud().stack));
    (stack.node.findChild('Model').node.defaultChild as CfnModel).addPropertyOverride('PrimaryContainer.Image', 'v9');
    expect(names(Template.fromStack(stack)).filter((name) => before.includes(name))).toEqual([]);
  });

  test('watches the new fleet by its config, and the whole variant without it', () => {
    const template = Template.fromStack(fraud().stack);
    const dimensions = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) =>
      Properties.Dimensions.map(({ Name }: { Name: string }) => Name).join(' '),
    );
    const [green, variant] = ['EndpointName VariantName EndpointConfigName', 'EndpointName VariantName'];
    expect(dimensions).toEqual([green, green, variant, variant]);
  });

  test('keeps config and model when they are replaced or deleted', () => {
    const template = Template.fromStack(fraud().stack);
    for (const type of ['AWS::SageMaker::EndpointConfig', 'AWS::SageMaker::Model']) {
      template.hasResource(type, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    }
    template.hasResourceProperties('AWS::SageMaker::EndpointConfig', { EndpointConfigName: Match.absent() });
  });

  test('hands the plan to the verifier as data, after the endpoint', () => {
    const template = Template.fromStack(fraud().stack);
    template.hasResourceProperties('Custom::SageMakerServing', {
      EndpointName: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Endpoint'), 'EndpointName'] },
      EndpointConfigName: { 'Fn::GetAtt': [Match.stringLikeRegexp('^EndpointConfig'), 'EndpointConfigName'] },
      ServiceTimeout: 600,
      Plan: {
        strategy: 'canary',
        instanceCount: 4,
        steps: [
          { percent: 25, bake: 'PT10M' },
          { percent: 100, bake: 'PT30M' },
        ],
      },
    });
  });

  test('can do without the verifier', () => {
    const template = Template.fromStack(fraud({ verifyServing: false }).stack);
    template.resourceCountIs('Custom::SageMakerServing', 0);
    template.resourceCountIs('AWS::Lambda::Function', 0);
  });

  test('keeps what auto scaling made of the fleet', () => {
    const autoScaling = rollouts.AutoScaling.onInvocations({ minInstances: 4, maxInstances: 8, target: 600 });
    const hosting = rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4, autoScaling });
    const template = Template.fromStack(fraud({ hosting }).stack);
    template.hasResourceProperties('AWS::SageMaker::Endpoint', { RetainAllVariantProperties: true });
    template.hasResource('AWS::ApplicationAutoScaling::ScalableTarget', {
      Properties: { ResourceId: 'endpoint/fraud/variant/a' },
      DependsOn: [Match.stringLikeRegexp('^Endpoint')],
    });
  });

  test('gives a shadow its share of the production weight, its own hosting and its own scaling', () => {
    const stack = new Stack(new App(), 'Fraud');
    const autoScaling = rollouts.AutoScaling.onInvocations({ minInstances: 1, maxInstances: 2, target: 600 });
    const hosting = rollouts.Hosting.instances({ instanceType: 'ml.c5.large', initialInstanceCount: 1, autoScaling });
    new rollouts.Endpoint(stack, 'Endpoint', {
      endpointName: 'fraud',
      model: fraudModel(stack),
      hosting: fourInstances,
      strategy: canary,
      shadow: { model: fraudModel(stack, 'v8', 'Challenger'), samplingPercent: 10, hosting },
    });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SageMaker::EndpointConfig', {
      ProductionVariants: [{ VariantName: 'a', InitialVariantWeight: 1, InstanceType: 'ml.m5.xlarge' }],
      ShadowProductionVariants: [{ VariantName: 'shadow', InitialVariantWeight: 0.1, InstanceType: 'ml.c5.large' }],
    });
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
      ResourceId: 'endpoint/fraud/variant/shadow',
    });
  });

  test('captures data where its role may write, and nowhere else', () => {
    const bucket = s3.Bucket.fromBucketName(new Stack(), 'Captured', 'captured');
    const template = Template.fromStack(
      fraud({ dataCapture: { bucket, prefix: 'fraud', samplingPercent: 20, output: false, csvContentTypes: [] } })
        .stack,
    );
    template.hasResourceProperties('AWS::SageMaker::EndpointConfig', {
      DataCaptureConfig: {
        EnableCapture: true,
        DestinationS3Uri: 's3://captured/fraud',
        InitialSamplingPercentage: 20,
        CaptureOptions: [{ CaptureMode: 'Input' }],
        CaptureContentTypeHeader: { CsvContentTypes: Match.absent(), JsonContentTypes: ['application/json'] },
      },
    });
    expect(JSON.stringify(template.findResources('AWS::IAM::Role'))).toMatch(
      /"s3:PutObject".{1,120}s3:::captured\/fraud\/\*/,
    );
  });

  test('captures nothing of zero percent, and says so', () => {
    const bucket = s3.Bucket.fromBucketName(new Stack(), 'Captured', 'captured');
    Template.fromStack(fraud({ dataCapture: { bucket, samplingPercent: 0 } }).stack).hasResourceProperties(
      'AWS::SageMaker::EndpointConfig',
      { DataCaptureConfig: { InitialSamplingPercentage: 0 } },
    );
  });

  test('encrypts the volumes with a key that its role may use', () => {
    const stack = new Stack(new App(), 'Fraud');
    new rollouts.Endpoint(stack, 'Endpoint', {
      model: fraudModel(stack),
      hosting: fourInstances,
      strategy: canary,
      encryptionKey: new kms.Key(stack, 'Key'),
    });
    const template = Template.fromStack(stack);
    const arn = { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] };
    template.hasResourceProperties('AWS::SageMaker::EndpointConfig', { KmsKeyId: arn });
    template.hasResourceProperties('AWS::IAM::Role', {
      Policies: [
        {
          PolicyDocument: {
            Statement: Match.arrayWith([
              Match.objectLike({ Action: Match.arrayWith(['kms:CreateGrant', 'kms:Decrypt']), Resource: arn }),
            ]),
          },
        },
      ],
    });
  });

  test('tags everything that can be tagged', () => {
    const { stack } = fraud({ tags: { team: 'risk' } });
    Tags.of(stack).add('stage', 'prod');
    const template = Template.fromStack(stack);
    for (const type of ['AWS::SageMaker::Endpoint', 'AWS::SageMaker::EndpointConfig', 'AWS::CloudWatch::Alarm']) {
      template.allResourcesProperties(type, {
        Tags: Match.arrayEquals([
          { Key: 'stage', Value: 'prod' },
          { Key: 'team', Value: 'risk' },
        ]),
      });
    }
  });

  test('has a name that is known at synth when nobody gave one', () => {
    const { endpoint } = fraud({ endpointName: undefined });
    expect(endpoint.endpointName).toMatch(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/);
    expect(fraud({ endpointName: undefined }).endpoint.endpointName).toBe(endpoint.endpointName);
  });

  test('stays when its removal policy says so', () => {
    const { stack, endpoint } = fraud({ removalPolicy: RemovalPolicy.RETAIN });
    Template.fromStack(stack).hasResource('AWS::SageMaker::Endpoint', { DeletionPolicy: 'Retain' });
    expect(endpoint.node.defaultChild).toBeInstanceOf(CfnEndpoint);
  });

  test('takes an L1 model and a model by name', () => {
    const stack = new Stack(new App(), 'Fraud');
    const l1 = new CfnModel(stack, 'L1', { executionRoleArn: 'arn:aws:iam::111122223333:role/hosting' });
    const named = rollouts.Model.fromModelName(stack, 'Named', 'fraud-v1');
    const rest = { hosting: fourInstances, strategy: canary };
    new rollouts.Endpoint(stack, 'A', { model: l1, ...rest });
    new rollouts.Endpoint(stack, 'B', { model: named, ...rest });
    const template = Template.fromStack(stack);
    for (const ModelName of [{ 'Fn::GetAtt': ['L1', 'ModelName'] }, 'fraud-v1']) {
      template.hasResourceProperties('AWS::SageMaker::EndpointConfig', { ProductionVariants: [{ ModelName }] });
    }
  });

  test('takes alarms of the user: existing ones once, own classes once a fleet', () => {
    class QueueAlarm extends rollouts.RollbackAlarm {
      public bind(scope: Construct, fleet: rollouts.Fleet): cloudwatch.IAlarmRef {
        return fleet
          .metric('OverheadLatency')
          .createAlarm(scope, 'Queue', { alarmName: fleet.alarmName('Queue'), threshold: 9e4, evaluationPeriods: 1 });
      }
    }
    const stack = new Stack(new App(), 'Fraud');
    const existing = new cloudwatch.CfnAlarm(stack, 'Existing', { comparisonOperator: 'x', evaluationPeriods: 1 });
    new rollouts.Endpoint(stack, 'Endpoint', {
      endpointName: 'fraud',
      model: fraudModel(stack),
      hosting: fourInstances,
      strategy: canary,
      rollbackAlarms: [new QueueAlarm(), rollouts.RollbackAlarm.fromAlarm(existing)],
    });
    const [endpoint] = Object.values(Template.fromStack(stack).findResources('AWS::SageMaker::Endpoint'));
    expect(
      endpoint.Properties.DeploymentConfig.AutoRollbackConfiguration.Alarms.map(
        ({ AlarmName }: { AlarmName: { Ref: string } }) => AlarmName.Ref,
      ),
    ).toEqual([
      expect.stringMatching(/^EndpointFleetQueue/),
      'Existing',
      expect.stringMatching(/^EndpointVariantQueue/),
    ]);
  });

  test('takes a composite alarm, whose parts it knows nothing of', () => {
    const stack = new Stack(new App(), 'Fraud');
    const part = new cloudwatch.Metric({ namespace: 'Mine', metricName: 'Wrong' });
    const composite = new cloudwatch.CompositeAlarm(stack, 'Any', {
      compositeAlarmName: 'any',
      alarmRule: part.createAlarm(stack, 'Part', { threshold: 1, evaluationPeriods: 1 }),
    });
    new rollouts.Endpoint(stack, 'Endpoint', {
      model: fraudModel(stack),
      hosting: fourInstances,
      strategy: canary,
      rollbackAlarms: [rollouts.RollbackAlarm.fromAlarm(composite)],
    });
    Template.fromStack(stack).hasResourceProperties('AWS::SageMaker::Endpoint', {
      DeploymentConfig: {
        AutoRollbackConfiguration: { Alarms: [{ AlarmName: Match.anyValue() }] },
      },
    });
  });

  test('lets the role of its model read the alarms by name, without waiting for them', () => {
    const template = Template.fromStack(fraud().stack);
    template.hasResourceProperties('AWS::IAM::Role', {
      Policies: [
        {
          PolicyDocument: {
            Statement: Match.arrayWith([
              {
                Action: 'cloudwatch:DescribeAlarms',
                Effect: 'Allow',
                Resource: {
                  'Fn::Sub': 'arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:fraud-*',
                },
              },
            ]),
          },
        },
      ],
    });
  });
});

describe('what others may do with an endpoint', () => {
  test.each([
    ['grantInvoke', 'sagemaker:InvokeEndpoint'],
    ['grantInvokeAsync', 'sagemaker:InvokeEndpointAsync'],
    ['grantInvokeWithResponseStream', 'sagemaker:InvokeEndpointWithResponseStream'],
    ['grantDescribe', 'sagemaker:DescribeEndpoint'],
  ] as const)('%s allows %s on this endpoint alone', (grant, action) => {
    const { stack, endpoint } = fraud();
    const user = new iam.Role(stack, 'User', { assumedBy: new iam.AccountRootPrincipal() });
    endpoint[grant](user);
    const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    const [statement] = policy.Properties.PolicyDocument.Statement;
    expect(statement.Action).toBe(action);
    expect(JSON.stringify(statement.Resource)).toMatch(/:endpoint\/fraud"/);
  });

  test('metrics have the unit and the statistic that make sense of them', () => {
    const { endpoint, stack } = fraud();
    const of = (metric: cloudwatch.Metric) => ({
      name: metric.metricName,
      statistic: metric.statistic,
      unit: metric.unit,
      dimensions: Object.keys(metric.dimensions!).length,
    });
    const latency = { name: 'ModelLatency', unit: 'Microseconds' };
    expect(of(endpoint.metricModelLatency({ percentile: 99 }))).toEqual({
      ...latency,
      statistic: 'p99',
      dimensions: 2,
    });
    expect(of(endpoint.fleet.metricModelLatency())).toEqual({ ...latency, statistic: 'Average', dimensions: 3 });
    expect(of(endpoint.metricServerErrors())).toMatchObject({ statistic: 'Average', dimensions: 2 });
    expect(of(endpoint.metricInvocations({ period: Duration.minutes(5) }))).toMatchObject({ statistic: 'Sum' });
    expect(of(endpoint.fleet.metricCpuUtilization())).toMatchObject({ name: 'CPUUtilization', dimensions: 2 });
    expect(stack.resolve(endpoint.fleet.metric('Invocations').dimensions)).toMatchObject({ EndpointName: 'fraud' });
  });

  test('an endpoint of somebody else is known by name, by ARN, or by attributes', () => {
    const stack = new Stack(new App(), 'Stack', { env: { region: 'eu-west-1', account: '111122223333' } });
    const arn = 'arn:aws:sagemaker:us-east-1:444455556666:endpoint/churn';
    const byName = rollouts.Endpoint.fromEndpointName(stack, 'Name', 'churn');
    const byArn = rollouts.Endpoint.fromEndpointArn(stack, 'Arn', arn);
    const byAll = rollouts.Endpoint.fromEndpointAttributes(stack, 'All', {
      endpointName: 'c',
      variantName: 'AllTraffic',
    });
    expect(stack.resolve(byName.endpointArn)).toEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':sagemaker:eu-west-1:111122223333:endpoint/churn']],
    });
    expect([byArn.endpointName, byArn.env.region, byArn.endpointRef.endpointArn]).toEqual(['churn', 'us-east-1', arn]);
    expect(byAll.metricInvocations().dimensions).toEqual({ EndpointName: 'c', VariantName: 'AllTraffic' });
  });

  test('an endpoint of somebody else has a name and an ARN that there can be', () => {
    const stack = new Stack(new App(), 'Stack');
    expect(() => rollouts.Endpoint.fromEndpointName(stack, 'A', 'my_churn')).toThrow("got 'my_churn' [EndpointName]");
    for (const arn of ['churn', 'arn:aws:sagemaker:us-east-1:444455556666:model/churn']) {
      const make = () => rollouts.Endpoint.fromEndpointArn(stack, arn, arn);
      expect(make).toThrow(`endpointArn must be the ARN of an endpoint, got '${arn}' [EndpointArn]`);
    }
  });
});
