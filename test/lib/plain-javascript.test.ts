// What the compiler would refuse: in plain JavaScript nothing else does, and a TypeError from inside helps nobody.
import { App, Duration, aws_ecr as ecr, Stack, aws_s3 as s3 } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import * as rollouts from '../../lib';
import { canary, fourInstances, fraud, fraudModel } from './endpoint/fraud';

// biome-ignore lint/suspicious/noExplicitAny: that is what is tested
type Anything = any;

const size = rollouts.CapacitySize.percent(25);
const wait = Duration.minutes(10);
const stack = () => new Stack(new App(), 'Fraud');
const bucket = () => s3.Bucket.fromBucketName(stack(), 'Bucket', 'captured');
const repository = () => ecr.Repository.fromRepositoryName(stack(), 'Repository', 'fraud');
const hosting = (props: object) =>
  rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4, ...props });
const model = (props: Anything) => new rollouts.Model(stack(), 'Model', props);
const container = (props: object) => model({ containers: [props] });

/** Whatever stands here in the place of what is wanted, it is told so. */
const WRONG: readonly Anything[] = [null, 5, 'text', {}, [], () => 5];

const TAKES: { readonly [what: string]: (wrong: Anything) => unknown } = {
  'canary.canarySize': (canarySize) => new rollouts.CanaryStrategy({ canarySize, waitInterval: wait }),
  'canary.waitInterval': (waitInterval) => new rollouts.CanaryStrategy({ canarySize: size, waitInterval }),
  'canary.terminationWait': (terminationWait) =>
    new rollouts.CanaryStrategy({ canarySize: size, waitInterval: wait, terminationWait }),
  'linear.linearStepSize': (linearStepSize) => new rollouts.LinearStrategy({ linearStepSize, waitInterval: wait }),
  'rolling.maximumBatchSize': (maximumBatchSize) =>
    new rollouts.RollingStrategy({ maximumBatchSize, waitInterval: wait }),
  'rolling.maximumExecutionTimeout': (maximumExecutionTimeout) =>
    new rollouts.RollingStrategy({ maximumBatchSize: size, waitInterval: wait, maximumExecutionTimeout }),
  'allAtOnce.terminationWait': (terminationWait) => new rollouts.AllAtOnceStrategy({ terminationWait }),
  'hosting.volumeSize': (volumeSize) => hosting({ volumeSize }),
  'hosting.modelDataDownloadTimeout': (modelDataDownloadTimeout) => hosting({ modelDataDownloadTimeout }),
  'hosting.autoScaling': (autoScaling) => hosting({ autoScaling }),
  'autoScaling.scaleInCooldown': (scaleInCooldown) =>
    rollouts.AutoScaling.onInvocations({ minInstances: 2, maxInstances: 8, target: 600, scaleInCooldown }),
  'endpoint.model': (wrong) =>
    new rollouts.Endpoint(stack(), 'Endpoint', { model: wrong, hosting: fourInstances, strategy: canary }),
  'endpoint.hosting': (wrong) => fraud({ hosting: wrong }),
  'endpoint.strategy': (strategy) => fraud({ strategy }),
  'endpoint.rollbackAlarms[1]': (wrong) => fraud({ rollbackAlarms: [...rollouts.RollbackAlarm.recommended(), wrong] }),
  'endpoint.shadow.model': (wrong) => fraud({ shadow: { model: wrong, samplingPercent: 10 } }),
  'endpoint.shadow.hosting': (wrong) =>
    fraud({ shadow: { model: fraudModel(stack()), samplingPercent: 10, hosting: wrong } }),
  'endpoint.dataCapture.bucket': (wrong) => fraud({ dataCapture: { bucket: wrong } }),
  'endpoint.dataCapture.encryptionKey': (encryptionKey) => fraud({ dataCapture: { bucket: bucket(), encryptionKey } }),
  'endpoint.encryptionKey': (encryptionKey) => fraud({ encryptionKey }),
  'alarm.alarm': (alarm) => rollouts.RollbackAlarm.fromAlarm(alarm),
  'alarm.period': (period) =>
    rollouts.RollbackAlarm.fleetMetric('Own', { metricName: 'OverheadLatency', threshold: 5, period }),
  'alarm.latencyP99': (latencyP99) => rollouts.RollbackAlarm.recommended({ latencyP99 }),
  'alarm.maximum': (maximum) => new rollouts.OverheadAlarm({ maximum }),
  'model.role': (role) => model({ containers: [], role }),
  'model.vpc': (vpc) => model({ containers: [], vpc }),
  'container.image': (image) => container({ image }),
  'container.modelData': (modelData) =>
    container({ image: rollouts.ContainerImage.fromEcrRepository(repository(), 'v7'), modelData }),
  'image.repository': (wrong) => rollouts.ContainerImage.fromEcrRepository(wrong, 'v7'),
  'data.bucket': (wrong) => rollouts.ModelData.fromBucket(wrong, 'fraud/v7/model.tar.gz'),
};

/** What takes a text, and gets something else. */
const TAKES_TEXT: { readonly [what: string]: (wrong: Anything) => unknown } = {
  'endpoint.endpointName': (endpointName) => fraud({ endpointName }),
  'hosting.instanceType': (instanceType) => hosting({ instanceType }),
  'alarm.metricName': (metricName) => rollouts.RollbackAlarm.fleetMetric('Own', { metricName, threshold: 5 }),
  'alarm.id': (id) => rollouts.RollbackAlarm.fleetMetric(id, { metricName: 'OverheadLatency', threshold: 5 }),
  'image.tagOrDigest': (tag) => rollouts.ContainerImage.fromEcrRepository(repository(), tag),
  'image.tag': (tag) => rollouts.ContainerImage.fromDlc('pytorch-inference', tag),
  'image.imageUri': (imageUri) => rollouts.ContainerImage.fromRegistry(imageUri),
  'image.directory': (directory) => rollouts.ContainerImage.fromAsset(directory),
  'data.key': (key) => rollouts.ModelData.fromBucket(bucket(), key),
  'model.modelName': (modelName) => rollouts.Model.fromModelName(stack(), 'Model', modelName),
  'model.modelArn': (modelArn) => rollouts.Model.fromModelArn(stack(), 'Model', modelArn),
  'import.endpointName': (name) => rollouts.Endpoint.fromEndpointName(stack(), 'Endpoint', name),
  'import.endpointArn': (arn) => rollouts.Endpoint.fromEndpointArn(stack(), 'Endpoint', arn),
};

function errorOf(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
}

describe('in plain JavaScript', () => {
  test.each(Object.entries(TAKES))('%s tells what it must be', (what, make) => {
    const name = what.slice(what.indexOf('.') + 1).replace(/[[\]]/g, '\\$&');
    for (const wrong of WRONG) {
      expect(errorOf(() => make(wrong))).toMatch(new RegExp(`${name} must be an? \\w+, got .* \\[WrongType\\]`));
    }
  });

  test.each(Object.entries(TAKES_TEXT))('%s tells that it must be text', (what, make) => {
    const name = what.slice(what.indexOf('.') + 1);
    for (const wrong of [null, 5, {}, [], true, Number.NaN]) {
      expect(errorOf(() => make(wrong))).toMatch(new RegExp(`${name} must be text, got .* \\[WrongType\\]`));
    }
  });

  test.each<[string, (props: Anything) => unknown]>([
    ['CanaryStrategy', (props) => new rollouts.CanaryStrategy(props)],
    ['LinearStrategy', (props) => new rollouts.LinearStrategy(props)],
    ['RollingStrategy', (props) => new rollouts.RollingStrategy(props)],
    ['InstancesHosting', (props) => rollouts.Hosting.instances(props)],
    ['AutoScaling', (props) => rollouts.AutoScaling.onInvocations(props)],
    ['LatencyAlarm', (props) => new rollouts.LatencyAlarm(props)],
    ['OverheadAlarm', (props) => new rollouts.OverheadAlarm(props)],
    ['TrafficLossAlarm', (props) => new rollouts.TrafficLossAlarm(props)],
    ['UtilizationAlarm', (props) => rollouts.UtilizationAlarm.cpu(props)],
    ['Model at Fraud/Model', (props) => model(props)],
    ['Endpoint at Fraud/Endpoint', (props) => new rollouts.Endpoint(stack(), 'Endpoint', props)],
  ])('%s tells that it has no props', (owner, make) => {
    for (const wrong of [undefined, null, 5]) {
      expect(errorOf(() => make(wrong))).toMatch(new RegExp(`^${owner}: props must be a structure, got .*WrongType`));
    }
  });

  test('all that is missing is told at once, with the path of the construct', () => {
    const make = () => new rollouts.Endpoint(stack(), 'Endpoint', {} as Anything);
    expect(errorOf(make)).toBe(`Endpoint at Fraud/Endpoint has 3 problems:
  - model must be an IModelRef, got nothing [WrongType]
  - hosting must be a Hosting, got nothing [WrongType]
  - strategy must be a GuardrailStrategy, got nothing [WrongType]`);
  });

  test('a strategy of days is none of an endpoint', () => {
    const strategy = rollouts.StagedStrategy.standard() as Anything;
    expect(errorOf(() => fraud({ strategy }))).toContain(
      'must be a GuardrailStrategy, got a StagedStrategy [WrongType]',
    );
  });
});
