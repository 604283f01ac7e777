import type { SynthesizedStack, TemplateResource } from './assembly';

/** How many instances of one type the endpoints of a stack have at their peak: every fleet of an update at once. */
export interface InstanceNeed {
  readonly stack: string;
  /** Null where nobody can say: an endpoint config is not in the template, or an engine is told at deployment only. */
  readonly instanceType: string | null;
  /** Null where only the deployment knows. */
  readonly peak: number | null;
  /** Whether an engine needs some of them: it refuses a rollout that the quota cannot hold. */
  readonly engine: boolean;
}

/** What a deployment of the stack needs beside what serves otherwise: SageMaker's quotas are by instance type. */
export function instanceNeeds({ name: stack, resources }: SynthesizedStack): InstanceNeed[] {
  const needs = new Map<string, Peak>();
  for (const need of Object.values(resources).flatMap((resource) => peaksOf(resource, resources))) {
    // What nobody can say has a reason, and an engine another one than a template.
    const key = need.instanceType ?? `unknown ${need.engine}`;
    const { peak, engine } = needs.get(key) ?? { peak: 0, engine: false };
    const sum = peak === null || need.peak === null ? null : peak + need.peak;
    needs.set(key, { ...need, peak: sum, engine: engine || need.engine });
  }
  return [...needs.values()].map((need) => ({ stack, ...need }));
}

type Peak = Omit<InstanceNeed, 'stack'>;

function peaksOf(
  { Type, Properties = {} }: TemplateResource,
  resources: Readonly<Record<string, TemplateResource>>,
): Peak[] {
  // An engine's fence carries what it asks the quota for itself.
  if (Type === 'Custom::RolloutFence') {
    const { InstanceType: instanceType, PeakInstances: peak } = Properties;
    const known = typeof instanceType === 'string' && typeof peak === 'string' && /^\d+$/.test(peak);
    return [
      known ? { instanceType, peak: Number(peak), engine: true } : { instanceType: null, peak: null, engine: true },
    ];
  }
  if (Type !== 'AWS::SageMaker::Endpoint') return [];
  const fleets = fleetsOf(Properties['EndpointConfigName'], resources);
  return fleets === null
    ? [{ instanceType: null, peak: null, engine: false }]
    : fleets.map(({ instanceType, count }) => ({
        instanceType,
        peak: count === null ? null : count + second(count, Properties['DeploymentConfig']),
        engine: false,
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
