import type { Knobs } from '../knobs';
import type { AlarmReader } from './alarm-watch';
import type { EndpointConfig } from './endpoint';
import { sagemakerErrors } from './errors';
import type { CapacitySize, DeploymentConfig } from './guardrail-steps';

/** A variant that Application Auto Scaling manages. */
export interface ScalableTarget {
  readonly endpointName: string;
  readonly variantName: string;
  readonly minimum: number;
  readonly maximum: number;
}

const refuse = (holds: boolean, message: string) => {
  if (!holds) throw sagemakerErrors.invalid(message);
};

// source: capacity-size-limits
function checkSize(name: string, size: CapacitySize | undefined, instances: number, minimum: number): void {
  if (size === undefined) throw sagemakerErrors.invalid(`${name} is required`);
  const percent = size.Type === 'INSTANCE_COUNT' ? (100 * size.Value) / instances : size.Value;
  refuse(percent <= 50, `${name} must be at most 50 percent of the variant's total instance count`);
  refuse(percent >= minimum, `${name} must be at least ${minimum} percent of the variant's total instance count`);
}

// source: deployment-config-rules
/** What UpdateEndpoint refuses of a DeploymentConfig before anything is launched. */
export function checkDeploymentConfig(config: DeploymentConfig, target: EndpointConfig, current: EndpointConfig): void {
  const { BlueGreenUpdatePolicy: blueGreen, RollingUpdatePolicy: rolling } = config;
  refuse(blueGreen === undefined || rolling === undefined, 'Only one update policy should be used');
  const [variant, ...others] = target.ProductionVariants;
  const traffic = blueGreen?.TrafficRoutingConfiguration;
  const instances = variant.InitialInstanceCount;
  if (traffic?.Type === 'CANARY') checkSize('CanarySize', traffic.CanarySize, instances, 0);
  if (traffic?.Type === 'LINEAR') checkSize('LinearStepSize', traffic.LinearStepSize, instances, 10);
  if (rolling !== undefined) checkSize('MaximumBatchSize', rolling.MaximumBatchSize, instances, 5);
  if (rolling !== undefined || (traffic !== undefined && traffic.Type !== 'ALL_AT_ONCE')) {
    const same = current.ProductionVariants.some(({ VariantName }) => VariantName === variant.VariantName);
    refuse(same, `the new config must have the variant name of the old, got "${variant.VariantName}"`);
    refuse(rolling === undefined || others.length === 0, 'rolling deployments do not support several variants');
    if (others.length > 0) {
      throw new Error('a canary or linear update of several production variants is not documented and not rehearsed');
    }
  }
  const alarms = config.AutoRollbackConfiguration?.Alarms;
  refuse(alarms === undefined || (alarms.length >= 1 && alarms.length <= 10), 'Alarms must have 1 to 10 members');
}

// source: alarm-knobs
/** What UpdateEndpoint may refuse of its rollback alarms; nobody has published it. */
export function checkAlarms(config: DeploymentConfig, alarms: AlarmReader, knobs: Knobs): void {
  for (const { AlarmName: name } of config.AutoRollbackConfiguration?.Alarms ?? []) {
    const kind = alarms.kind(name);
    const state = alarms.state(name);
    refuse(kind !== undefined || knobs.missingAlarm === 'ignored', `alarm ${name} does not exist`);
    refuse(kind !== 'composite' || knobs.compositeAlarms === 'accepted', `alarm ${name} is a composite alarm`);
    refuse(kind !== 'math' || knobs.metricMathAlarms === 'accepted', `alarm ${name} is a metric math alarm`);
    refuse(state !== 'ALARM' || knobs.alarmInAlarmAtUpdate !== 'refuses', `alarm ${name} is in ALARM state`);
  }
}

// source: scaling-blocks-update
/** UpdateEndpoint may not change the instance type of a scaled variant, nor remove it. */
export function checkScaling(
  targets: readonly ScalableTarget[],
  target: EndpointConfig,
  current: EndpointConfig,
): void {
  for (const { variantName } of targets) {
    const before = current.ProductionVariants.find(({ VariantName }) => VariantName === variantName);
    const after = target.ProductionVariants.find(({ VariantName }) => VariantName === variantName);
    refuse(after !== undefined, `variant ${variantName} has a registered scalable target and cannot be removed`);
    const sameType = before === undefined || before.InstanceType === after?.InstanceType;
    refuse(sameType, `variant ${variantName} has a registered scalable target: its instance type cannot change`);
  }
}
