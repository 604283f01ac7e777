import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, aws_ecr as ecr, Stack, aws_s3 as s3 } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { type ContainerDefinition, ContainerImage, Model, ModelData } from '../../../lib/model';

const folder = mkdtempSync(join(tmpdir(), 'model-'));
writeFileSync(join(folder, 'model.tar.gz'), 'weights');
writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\n');

const stackIn = (region?: string) => new Stack(new App(), 'S', { env: { region } });
const container = (stack: Stack, definition: ContainerDefinition) => {
  new Model(stack, 'Model', { containers: [definition] });
  return Object.values(Template.fromStack(stack).findResources('AWS::SageMaker::Model'))[0].Properties.PrimaryContainer;
};
const policy = (stack: Stack) =>
  JSON.stringify(Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'))[0].Properties.Policies);
const image = (stack: Stack, from: ContainerImage) => container(stack, { image: from }).Image;
const mutable = (stack: Stack) => Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('mutableTag'));

describe('an image', () => {
  test('from ECR is addressed by tag or by digest', () => {
    const stack = stackIn();
    const repository = ecr.Repository.fromRepositoryName(stack, 'R', 'fraud');
    expect(JSON.stringify(image(stack, ContainerImage.fromEcrRepository(repository, 'v7')))).toContain('/fraud:v7"');
    const other = stackIn();
    const digest = `sha256:${'0'.repeat(64)}`;
    const there = ecr.Repository.fromRepositoryName(other, 'R', 'fraud');
    expect(JSON.stringify(image(other, ContainerImage.fromEcrRepository(there, digest)))).toContain(
      `/fraud@${digest}"`,
    );
    expect(mutable(stack)).toEqual([]);
  });

  test.each(['', 'v 7', 'v7:x', '.v7', 'x'.repeat(129), 'sha256:12'])('fails on the tag %j', (tag) => {
    const repository = ecr.Repository.fromRepositoryName(stackIn(), 'R', 'fraud');
    expect(() => ContainerImage.fromEcrRepository(repository, tag)).toThrow(`got '${tag}' [ImageTag]`);
    expect(() => ContainerImage.fromDlc('pytorch-inference', tag)).toThrow(`got '${tag}' [ImageTag]`);
  });

  test.each(['', 'Fraud', 'fraud/', 'fraud:v7'])('fails on the repository %j of another account', (repository) => {
    expect(() => ContainerImage.fromSagemaker(repository, '1.7-1')).toThrow(`got '${repository}' [ImageRepository]`);
  });

  test('fails on an address longer than SageMaker takes', () => {
    const long = `123456789012.dkr.ecr.eu-west-1.amazonaws.com/${'a'.repeat(220)}:v7`;
    expect(() => image(stackIn(), ContainerImage.fromRegistry(long))).toThrow('[ImageUri]');
  });

  test('from a folder is built for x86, pulled from the asset repository, and named by its content', () => {
    const stack = stackIn();
    expect(JSON.stringify(image(stack, ContainerImage.fromAsset(folder)))).toMatch(/container-assets-.*:[0-9a-f]{64}/);
    expect(policy(stack)).toContain(':repository/",{"Fn::Sub":"cdk-hnb659fds-container-assets-');
    expect(policy(stack)).toContain('ecr:BatchGetImage');
  });

  test.each([
    ['us-east-1', '763104351884.dkr.ecr.us-east-1.'],
    ['eu-south-1', '692866216735.dkr.ecr.eu-south-1.'],
    ['cn-north-1', '727897471807.dkr.ecr.cn-north-1.'],
  ])('of the deep learning containers comes from the account of %s', (region, registry) => {
    const stack = stackIn(region);
    const found = JSON.stringify(
      image(stack, ContainerImage.fromDlc('pytorch-inference', '2.6.0-cpu-py312-ubuntu22.04-sagemaker')),
    );
    expect(found).toContain(registry);
    expect(found).toContain('/pytorch-inference:2.6.0-cpu-py312-ubuntu22.04-sagemaker');
    expect(policy(stack)).toContain(`:ecr:${region}:${registry.slice(0, 12)}:repository/pytorch-inference"`);
  });

  test.each([
    ['us-east-1', '683313688378'],
    ['eu-west-1', '141502667606'],
    ['ap-northeast-1', '354813040037'],
  ])('of SageMaker itself comes from its account of %s', (region, account) => {
    const stack = stackIn(region);
    expect(JSON.stringify(image(stack, ContainerImage.fromSagemaker('sagemaker-xgboost', '1.7-1')))).toContain(
      `"${account}.dkr.ecr.${region}.`,
    );
    expect(policy(stack)).toContain(`:ecr:${region}:${account}:repository/sagemaker-xgboost"`);
    Template.fromStack(stack).templateMatches({ Mappings: Match.absent() });
  });

  test('looks its account up at deployment when the region is open, with one table for the stack', () => {
    const stack = stackIn();
    for (const id of ['A', 'B']) {
      new Model(stack, id, {
        containers: [
          { image: ContainerImage.fromSagemaker('sagemaker-xgboost', '1.7-1') },
          { image: ContainerImage.fromDlc('pytorch-inference', '2.6.0') },
        ],
      });
    }
    const template = Template.fromStack(stack).toJSON();
    expect(Object.keys(template.Mappings)).toHaveLength(2);
    expect(template.Mappings.SageMakerRegistryAccounts['us-east-1']).toEqual({ account: '683313688378' });
    expect(JSON.stringify(template.Resources)).toContain(
      '{"Fn::FindInMap":["SageMakerRegistryAccounts",{"Ref":"AWS::Region"},"account"]}',
    );
  });

  test('fails where AWS publishes none, and names the way out', () => {
    expect(() => image(stackIn('us-iso-west-1'), ContainerImage.fromDlc('pytorch-inference', '2'))).toThrow(
      /not known for us-iso-west-1.*fromRegistry.*\[ImageRegion\]/,
    );
    expect(() => image(stackIn('mars-1'), ContainerImage.fromSagemaker('sagemaker-xgboost', '1'))).toThrow(
      'ImageRegion',
    );
  });

  test('by its address in ECR is pulled from that repository alone', () => {
    const stack = stackIn('eu-west-1');
    const uri = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/fraud:v7';
    expect(image(stack, ContainerImage.fromRegistry(uri))).toBe(uri);
    expect(policy(stack)).toContain(':ecr:eu-west-1:123456789012:repository/team/fraud"');
    expect(mutable(stack)).toEqual([]);
  });

  test('fails in another region than the model', () => {
    const uri = '123456789012.dkr.ecr.us-east-1.amazonaws.com/fraud:v7';
    expect(() => image(stackIn('eu-west-1'), ContainerImage.fromRegistry(uri))).toThrow(
      'the region of its model, eu-west-1, got us-east-1',
    );
  });

  test('fails on an address of two words', () => {
    expect(() => image(stackIn(), ContainerImage.fromRegistry('fraud v7'))).toThrow('ImageUri');
  });

  test.each([
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com/fraud:latest',
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com/fraud',
  ])('warns of the tag that moves in %s', (uri) => {
    const stack = stackIn('eu-west-1');
    image(stack, ContainerImage.fromRegistry(uri));
    expect(mutable(stack)).toHaveLength(1);
  });
});

describe('the data of a model', () => {
  const there = (stack: Stack) => s3.Bucket.fromBucketName(stack, 'Bucket', 'artefacts');
  const data = (stack: Stack, modelData: ModelData) =>
    container(stack, { image: ContainerImage.fromDlc('pytorch-inference', '2.6.0'), modelData });

  test('below a prefix is read as it is, and listed below that prefix alone', () => {
    const stack = stackIn('eu-west-1');
    const found = data(stack, ModelData.fromPrefix(there(stack), 'llm/v3'));
    expect(found.ModelDataSource.S3DataSource).toMatchObject({ S3DataType: 'S3Prefix', CompressionType: 'None' });
    expect(JSON.stringify(found.ModelDataSource.S3DataSource.S3Uri)).toContain('artefacts/llm/v3/"');
    expect(found).not.toHaveProperty('ModelDataUrl');
    expect(policy(stack)).toContain('"Condition":{"StringLike":{"s3:prefix":"llm/*"}}');
  });

  test('from this machine is uploaded, and every upload stays readable', () => {
    const stack = stackIn('eu-west-1');
    expect(JSON.stringify(data(stack, ModelData.fromAsset(join(folder, 'model.tar.gz'))).ModelDataUrl)).toMatch(
      /cdk-hnb659fds-assets-.*[0-9a-f]{64}\.gz/,
    );
    expect(policy(stack)).toMatch(
      /"s3:GetObject"[^{]*"Resource":\{"Fn::Join":\["",\["arn:[^*]*cdk-hnb659fds-assets-[^*]*\/\*"\]\]\}/,
    );
  });

  test.each<[string, (stack: Stack, version: string) => ModelData]>([
    ['in a bucket', (stack, version) => ModelData.fromBucket(there(stack), `fraud/${version}/model.tar.gz`)],
    ['below a prefix', (stack, version) => ModelData.fromPrefix(there(stack), `fraud/${version}/weights/`)],
    ['at the root of a bucket', (stack, version) => ModelData.fromBucket(there(stack), `${version}.tar.gz`)],
    [
      'from this machine',
      (_stack, version) => {
        const path = join(folder, `${version}.tar.gz`);
        writeFileSync(path, version);
        return ModelData.fromAsset(path);
      },
    ],
  ])('of a new version %s takes no permission from the old one', (_name, make) => {
    const [before, after] = ['v7', 'v8'].map((version) => {
      const stack = stackIn('eu-west-1');
      data(stack, make(stack, version));
      return policy(stack);
    });
    expect(after).toBe(before);
  });

  test.each<[string, (stack: Stack) => ModelData, string]>([
    [
      'fails on a key that is no archive',
      (stack) => ModelData.fromBucket(there(stack), 'fraud/v7/'),
      "must name a .tar.gz archive, got 'fraud/v7/'",
    ],
    [
      'fails on an address instead of a key',
      (stack) => ModelData.fromBucket(there(stack), 's3://artefacts/model.tar.gz'),
      'name the part after the bucket',
    ],
    ['fails on an empty prefix', (stack) => ModelData.fromPrefix(there(stack), ''), 'must not be empty'],
    ['fails on a key that starts with a slash', (stack) => ModelData.fromPrefix(there(stack), '/llm'), "got '/llm'"],
    [
      'fails on a family that the key is not of',
      (stack) => ModelData.fromBucket(there(stack), 'fraud/v7/model.tar.gz', { familyPrefix: 'churn/' }),
      "must be the start of 'fraud/v7/model.tar.gz', got 'churn/'",
    ],
    ['fails on a folder as asset', () => ModelData.fromAsset(folder), '.tar.gz file'],
  ])('%s', (_name, make, message) => {
    expect(() => make(stackIn())).toThrow(message);
  });

  test('fails on a file that is not there', () => {
    expect(() => data(stackIn(), ModelData.fromAsset(join(folder, 'missing.tar.gz')))).toThrow('missing.tar.gz');
  });
});
