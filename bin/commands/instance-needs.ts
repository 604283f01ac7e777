import type { SynthesizedStack, TemplateResource } from './assembly';

/** How many instances of one type the endpoints of a stack have at their peak, old and new fleet together. */
export interface InstanceNeed {
  readonly stack: string;
  readonly instanceType: string;
  /** Null where only the deployment knows. */
  readonly peak: number | null;
}

/** What a deployment of the stack needs beside what serves otherwise: SageMaker's quotas are by instance type. */
export function instanceNeeds({ name: stack, resources }: SynthesizedStack): InstanceNeed[] {
  const peaks = new Map<string, number | null>();
  for (const { Type, Properties = {} } of Object.values(resources)) {
    if (Type !== 'AWS::SageMaker::Endpoint') continue;
    for (const { instanceType, count } of fleetsOf(Properties['EndpointConfigName'], resources)) {
      const before = peaks.get(instanceType);
      const own = count === null ? null : count + second(count, Properties['DeploymentConfig']);
      peaks.set(instanceType, before === null || own === null ? null : (before ?? 0) + own);
    }
  }
  return [...peaks].map(([instanceType, peak]) => ({ stack, instanceType, peak }));
}

/** The fleets of an endpoint config of the same template. */
function fleetsOf(name: unknown, resources: Readonly<Record<string, TemplateResource>>) {
  const id = (name as { readonly 'Fn::GetAtt'?: readonly string[] } | undefined)?.['Fn::GetAtt']?.[0];
  const { ProductionVariants = [], ShadowProductionVariants = [] } = ((id && resources[id]?.Properties) ??
    {}) as Record<string, readonly Readonly<Record<string, unknown>>[]>;
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
