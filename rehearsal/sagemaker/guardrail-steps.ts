import type { Knobs } from '../knobs';

export interface CapacitySize {
  readonly Type: 'INSTANCE_COUNT' | 'CAPACITY_PERCENT';
  readonly Value: number;
}

/** `DeploymentConfig` of CreateEndpoint and UpdateEndpoint, as the API has it. */
export interface DeploymentConfig {
  readonly BlueGreenUpdatePolicy?: {
    readonly TrafficRoutingConfiguration: {
      readonly Type: 'ALL_AT_ONCE' | 'CANARY' | 'LINEAR';
      readonly WaitIntervalInSeconds?: number;
      readonly CanarySize?: CapacitySize;
      readonly LinearStepSize?: CapacitySize;
    };
    readonly TerminationWaitInSeconds?: number;
    readonly MaximumExecutionTimeoutInSeconds?: number;
  };
  readonly RollingUpdatePolicy?: {
    readonly MaximumBatchSize: CapacitySize;
    readonly WaitIntervalInSeconds: number;
    readonly MaximumExecutionTimeoutInSeconds?: number;
    readonly RollbackMaximumBatchSize?: CapacitySize;
  };
  readonly AutoRollbackConfiguration?: { readonly Alarms?: readonly { readonly AlarmName: string }[] };
}

/** One step of an update. Instance counts of `activate` and `retire` are totals so far, of `launch` an addition. */
export type Step =
  | { readonly do: 'launch'; readonly instances: number }
  | { readonly do: 'activate'; readonly instances: number }
  | {
      readonly do: 'bake';
      readonly seconds: number;
      readonly wait: 'WaitIntervalInSeconds' | 'TerminationWaitInSeconds';
    }
  | { readonly do: 'retire'; readonly instances: number };

type StepKnobs = Pick<Knobs, 'capacityRounding' | 'lastLinearStep'>;

// source: capacity-rounding
/** How many of `total` instances a size means: at least one, at most all. */
export function instancesOf(size: CapacitySize, total: number, rounding: Knobs['capacityRounding']): number {
  const exact = size.Type === 'INSTANCE_COUNT' ? size.Value : Math[rounding]((size.Value * total) / 100);
  return Math.min(total, Math.max(1, exact));
}

const bake = (seconds: number, wait: 'WaitIntervalInSeconds' | 'TerminationWaitInSeconds'): Step[] =>
  seconds > 0 ? [{ do: 'bake', seconds, wait }] : [];

/** The steps from an old fleet of `blue` instances to a new one of `green`, when nothing goes wrong. */
export function guardrailSteps(config: DeploymentConfig, green: number, blue: number, knobs: StepKnobs): Step[] {
  return config.RollingUpdatePolicy === undefined
    ? blueGreenSteps(config.BlueGreenUpdatePolicy, green, blue, knobs)
    : rollingSteps(config.RollingUpdatePolicy, green, blue, knobs);
}

// source: guardrail-blue-green
function blueGreenSteps(
  policy: DeploymentConfig['BlueGreenUpdatePolicy'],
  green: number,
  blue: number,
  knobs: StepKnobs,
) {
  const traffic = policy?.TrafficRoutingConfiguration;
  const interval = bake(traffic?.WaitIntervalInSeconds ?? 0, 'WaitIntervalInSeconds');
  const last = bake(policy?.TerminationWaitInSeconds ?? 0, 'TerminationWaitInSeconds');
  const steps: Step[] = [{ do: 'launch', instances: green }];
  if (traffic?.Type === 'CANARY' && traffic.CanarySize !== undefined) {
    steps.push(
      { do: 'activate', instances: instancesOf(traffic.CanarySize, green, knobs.capacityRounding) },
      ...interval,
    );
  }
  if (traffic?.Type === 'LINEAR' && traffic.LinearStepSize !== undefined) {
    const size = instancesOf(traffic.LinearStepSize, green, knobs.capacityRounding);
    for (let active = size; active < green; active += size)
      steps.push({ do: 'activate', instances: active }, ...interval);
  }
  steps.push({ do: 'activate', instances: green });
  if (traffic?.Type === 'LINEAR' && knobs.lastLinearStep === 'waitIntervalThenTerminationWait') steps.push(...interval);
  return [...steps, ...last, { do: 'retire', instances: blue } as const];
}

// source: guardrail-rolling
function rollingSteps(
  policy: NonNullable<DeploymentConfig['RollingUpdatePolicy']>,
  green: number,
  blue: number,
  knobs: StepKnobs,
) {
  const size = instancesOf(policy.MaximumBatchSize, green, knobs.capacityRounding);
  const steps: Step[] = [];
  for (let before = 0; before < green; before += size) {
    const active = Math.min(green, before + size);
    steps.push(
      { do: 'launch', instances: active - before },
      { do: 'activate', instances: active },
      ...bake(policy.WaitIntervalInSeconds, 'WaitIntervalInSeconds'),
      { do: 'retire', instances: active === green ? blue : Math.floor((active / green) * blue) },
    );
  }
  return steps;
}

/** Seconds an update may take, or what a policy that does not say is given. */
export function executionTimeout(config: DeploymentConfig, knobs: Pick<Knobs, 'defaultTimeoutSeconds'>): number {
  const policy = config.RollingUpdatePolicy ?? config.BlueGreenUpdatePolicy;
  return policy?.MaximumExecutionTimeoutInSeconds ?? knobs.defaultTimeoutSeconds;
}
