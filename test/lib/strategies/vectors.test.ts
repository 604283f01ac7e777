import { readFileSync } from 'node:fs';
import { App, aws_cloudwatch as cloudwatch, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import * as rollouts from '../../../lib';

interface Size {
  readonly Type: string;
  readonly Value: number;
}
interface Config {
  readonly BlueGreenUpdatePolicy?: {
    readonly TrafficRoutingConfiguration: {
      readonly Type: string;
      readonly WaitIntervalInSeconds?: number;
      readonly CanarySize?: Size;
      readonly LinearStepSize?: Size;
    };
    readonly TerminationWaitInSeconds?: number;
    readonly MaximumExecutionTimeoutInSeconds?: number;
  };
  readonly RollingUpdatePolicy?: {
    readonly MaximumBatchSize: Size;
    readonly WaitIntervalInSeconds: number;
    readonly RollbackMaximumBatchSize?: Size;
    readonly MaximumExecutionTimeoutInSeconds?: number;
  };
  readonly AutoRollbackConfiguration?: { readonly Alarms: readonly { readonly AlarmName: string }[] };
}
interface Vector {
  readonly name: string;
  readonly resource: string;
  readonly input: { readonly DeploymentConfig: Config };
  readonly productionVariant?: { readonly InitialInstanceCount?: number };
  readonly expected: { readonly valid: boolean; readonly cfnDeploymentConfig?: Config };
}

const all = JSON.parse(readFileSync('test/vectors/deploymentconfig.json', 'utf8')).vectors as Vector[];
const sizes = (routing: object): [string, unknown][] => Object.entries(routing).filter(([key]) => /Size$/.test(key));

/** What the typed API can say at all; the others are mistakes that do not compile. */
function sayable({ resource, input: { DeploymentConfig: config } }: Vector): boolean {
  const routing = config.BlueGreenUpdatePolicy?.TrafficRoutingConfiguration;
  const policy = config.RollingUpdatePolicy;
  if (resource !== 'AWS::SageMaker::Endpoint') return false;
  if (config.BlueGreenUpdatePolicy !== undefined && policy !== undefined) return false;
  if (config.BlueGreenUpdatePolicy === undefined && policy === undefined) return false;
  if (config.BlueGreenUpdatePolicy !== undefined && routing === undefined) return false;
  const wait = routing === undefined ? policy?.WaitIntervalInSeconds : (routing.WaitIntervalInSeconds ?? 0);
  const needed = { CANARY: routing?.CanarySize, LINEAR: routing?.LinearStepSize, ALL_AT_ONCE: true }[
    routing?.Type ?? ''
  ];
  const typed = sizes({ ...routing, ...policy }).every(([, size]) =>
    ['INSTANCE_COUNT', 'CAPACITY_PERCENT'].includes((size as Size).Type),
  );
  // An all-at-once strategy has nothing to wait for between steps.
  const waitless = routing?.Type !== 'ALL_AT_ONCE' || (routing.WaitIntervalInSeconds ?? 0) === 0;
  return typed && waitless && wait !== undefined && (policy !== undefined || needed !== undefined);
}

const sizeOf = ({ Type, Value }: Size) =>
  Type === 'INSTANCE_COUNT' ? rollouts.CapacitySize.instances(Value) : rollouts.CapacitySize.percent(Value);
const seconds = (value: number | undefined) => (value === undefined ? undefined : Duration.seconds(value));

function strategyOf({ BlueGreenUpdatePolicy: blueGreen, RollingUpdatePolicy: rolling }: Config) {
  if (rolling !== undefined) {
    return new rollouts.RollingStrategy({
      maximumBatchSize: sizeOf(rolling.MaximumBatchSize),
      waitInterval: Duration.seconds(rolling.WaitIntervalInSeconds),
      rollbackMaximumBatchSize: rolling.RollbackMaximumBatchSize && sizeOf(rolling.RollbackMaximumBatchSize),
      maximumExecutionTimeout: seconds(rolling.MaximumExecutionTimeoutInSeconds),
    });
  }
  const { TrafficRoutingConfiguration: routing } = blueGreen!;
  const common = {
    waitInterval: Duration.seconds(routing.WaitIntervalInSeconds ?? 0),
    terminationWait: Duration.seconds(blueGreen!.TerminationWaitInSeconds ?? 0),
    maximumExecutionTimeout: seconds(blueGreen!.MaximumExecutionTimeoutInSeconds),
  };
  if (routing.Type === 'CANARY')
    return new rollouts.CanaryStrategy({ canarySize: sizeOf(routing.CanarySize!), ...common });
  if (routing.Type === 'LINEAR') {
    return new rollouts.LinearStrategy({ linearStepSize: sizeOf(routing.LinearStepSize!), ...common });
  }
  return new rollouts.AllAtOnceStrategy(common);
}

/** A fleet of which a size in instances is a quarter, which every strategy allows. */
function fleetFor({ BlueGreenUpdatePolicy: blueGreen, RollingUpdatePolicy: rolling }: Config): number {
  const [counted] = sizes({ ...blueGreen?.TrafficRoutingConfiguration, ...rolling })
    .map(([, size]) => size as Size)
    .filter(({ Type }) => Type === 'INSTANCE_COUNT');
  return counted === undefined ? 100 : Math.max(1, counted.Value * 4);
}

function rendered({ input: { DeploymentConfig: config }, productionVariant }: Vector): Config {
  const stack = new Stack(new App(), 'Vector', { env: { region: 'eu-west-1', account: '111122223333' } });
  const names = (config.AutoRollbackConfiguration?.Alarms ?? [{ AlarmName: 'a' }]).map(({ AlarmName }) => AlarmName);
  new rollouts.Endpoint(stack, 'Endpoint', {
    endpointName: 'vector',
    model: rollouts.Model.fromModelName(stack, 'Model', 'model'),
    hosting: rollouts.Hosting.instances({
      instanceType: 'ml.m5.xlarge',
      initialInstanceCount: productionVariant?.InitialInstanceCount ?? fleetFor(config),
    }),
    strategy: strategyOf(config),
    rollbackAlarms: names.map((name, index) =>
      rollouts.RollbackAlarm.fromAlarm(cloudwatch.Alarm.fromAlarmName(stack, `Alarm${index}`, name)),
    ),
  });
  const [endpoint] = Object.values(Template.fromStack(stack).findResources('AWS::SageMaker::Endpoint'));
  return endpoint.Properties.DeploymentConfig;
}

/** SageMaker's own defaults, written out; our time-out, where the vector leaves SageMaker's unknown one. */
function written(config: Config, from: Config): Config {
  const { BlueGreenUpdatePolicy: blueGreen, RollingUpdatePolicy: rolling } = config;
  const timeout = (from.BlueGreenUpdatePolicy ?? from.RollingUpdatePolicy)!.MaximumExecutionTimeoutInSeconds;
  return {
    ...config,
    ...(blueGreen && {
      BlueGreenUpdatePolicy: {
        ...blueGreen,
        TrafficRoutingConfiguration: {
          ...blueGreen.TrafficRoutingConfiguration,
          WaitIntervalInSeconds: blueGreen.TrafficRoutingConfiguration.WaitIntervalInSeconds ?? 0,
        },
        TerminationWaitInSeconds: blueGreen.TerminationWaitInSeconds ?? 0,
        MaximumExecutionTimeoutInSeconds: timeout,
      },
    }),
    ...(rolling && { RollingUpdatePolicy: { ...rolling, MaximumExecutionTimeoutInSeconds: timeout } }),
    AutoRollbackConfiguration: config.AutoRollbackConfiguration ?? { Alarms: [{ AlarmName: 'a' }] },
  };
}

describe('a strategy', () => {
  const sayables = all.filter(sayable);
  test('can say most of what the vectors say', () => {
    expect(sayables.length).toBeGreaterThanOrEqual(15);
  });

  test.each(sayables.filter(({ expected }) => expected.valid))('renders $name exactly', (vector) => {
    const config = rendered(vector);
    expect(config).toEqual(written(vector.expected.cfnDeploymentConfig!, config));
    const asked =
      vector.input.DeploymentConfig.BlueGreenUpdatePolicy ?? vector.input.DeploymentConfig.RollingUpdatePolicy;
    const timeout = (config.BlueGreenUpdatePolicy ?? config.RollingUpdatePolicy)!.MaximumExecutionTimeoutInSeconds;
    if (asked!.MaximumExecutionTimeoutInSeconds !== undefined) {
      expect(timeout).toBe(asked!.MaximumExecutionTimeoutInSeconds);
    }
  });

  test.each(sayables.filter(({ expected }) => !expected.valid))('fails $name', (vector) => {
    expect(() => rendered(vector)).toThrow();
  });
});
