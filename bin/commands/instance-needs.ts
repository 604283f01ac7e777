import type { SynthesizedStack, TemplateResource } from './assembly';

/** How many instances of one type the endpoints of a stack have at their peak, old and new fleet together. */
export interface InstanceNeed {
  readonly stack: string;
  /** Null where an endpoint config is not in the template: nobody can say what it needs. */
  readonly instanceType: string | null;
  /** Null where only the deployment knows. */
  readonly peak: number | null;
}

/** What a deployment of the stack needs beside what serves otherwise: SageMaker's quotas are by instance type. */
export function instanceNeeds({ name: stack, resources }: SynthesizedStack): InstanceNeed[] {
  const peaks = new Map<string | null, number | null>();
  for (const { instanceType, peak } of Object.values(resources).flatMap((resource) => peaksOf(resource, resources))) {
    const before = peaks.get(instanceType);
    peaks.set(instanceType, before === null || peak === null ? null : (before ?? 0) + peak);
  }
  return [...peaks].map(([instanceType, peak]) => ({ stack, instanceType, peak }));
}

type Peak = Pick<InstanceNeed, 'instanceType' | 'peak'>;
const UNKNOWN: Peak = { instanceType: null, peak: null };

function peaksOf(
  { Type, Properties = {} }: TemplateResource,
  resources: Readonly<Record<string, TemplateResource>>,
): Peak[] {
  // An engine's fence carries what it asks the quota for itself.
  if (Type === 'Custom::RolloutFence') {
    const { InstanceType: instanceType, PeakInstances: peak } = Properties;
    const known = typeof instanceType === 'string' && typeof peak === 'string' && /^\d+$/.test(peak);
    return [known ? { instanceType, peak: Number(peak) } : UNKNOWN];
  }
  if (Type !== 'AWS::SageMaker::Endpoint') return [];
  const fleets = fleetsOf(Properties['EndpointConfigName'], resources);
  return fleets === null
    ? [UNKNOWN]
    : fleets.map(({ instanceType, count }) => ({
        instanceType,
        peak: count === null ? null : count + second(count, Properties['DeploymentConfig']),
      }));
}

/** The fleets of an endpoint config of the same template; null where it is not there. */
function fleetsOf(name: unknown, resources: Readonly<Record<string, TemplateResource>>) {
  const { 'Fn::GetAtt': attribute, Ref: ref } = (name ?? {}) as {
    readonly 'Fn::GetAtt'?: readonly string[];
    readonly Ref?: string;
  };
  const config = resources[attribute?.[0] ?? ref ?? ''];
  if (config?.Type !== 'AWS::SageMaker::EndpointConfig') return null;
  const { ProductionVariants = [], ShadowProductionVariants = [] } = (config.Properties ?? {}) as Record<
    string,
    readonly Readonly<Record<string, unknown>>[]
  >;
  return [...ProductionVariants, ...ShadowProductionVariants].flatMap((variant) => {
    const { InstanceType: instanceType, InitialInstanceCount: count } = variant;
    if (typeof instanceType !== 'string') return [];
    return [{ instanceType, count: typeof count === 'number' ? count : null }];
  });
}

/** Instances of the new fleet while the old one still runs: all of them, or one batch where the fleet is rolled. */
function second(count: number, config: unknown): number {
  const { RollingUpdatePolicy: rolling } = (config ?? {}) as {
    readonly RollingUpdatePolicy?: { readonly MaximumBatchSize?: { readonly Type?: string; readonly Value?: number } };
  };
  const { Type, Value } = rolling?.MaximumBatchSize ?? {};
  if (typeof Value !== 'number') return count;
  return Math.min(count, Type === 'INSTANCE_COUNT' ? Value : Math.ceil((count * Value) / 100));
}
