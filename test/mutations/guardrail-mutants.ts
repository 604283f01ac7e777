import type { StackArtifact, TemplateResource } from '../../rehearsal/cloudformation/template';
import type { Json } from '../../rehearsal/services';

/** A synthesized `Endpoint` with one thing wrong in it. */
export interface GuardrailMutant {
  /** What is wrong, in words that stay: survivors are listed by it. */
  readonly id: string;
  readonly kind: string;
  readonly stack: StackArtifact;
}

const ENDPOINT = 'AWS::SageMaker::Endpoint';
const ALARM = 'AWS::CloudWatch::Alarm';
const VERIFIER = 'Custom::SageMakerServing';

/** Every mechanical mutant of a stack: each alarm, the automatic rollback, the verification, each wait. */
export function guardrailMutants(strategy: string, stack: StackArtifact): GuardrailMutant[] {
  const resources = Object.entries(stack.template.Resources);
  const [endpointId, endpoint] = resources.find(([, { Type }]) => Type === ENDPOINT) as [string, TemplateResource];
  const config: Json = endpoint.Properties?.['DeploymentConfig'];
  const mutant = (kind: string, what: string, changed: StackArtifact): GuardrailMutant => ({
    id: `guarded by ${strategy}: ${what}`,
    kind,
    stack: changed,
  });
  const configured = (DeploymentConfig: Json) =>
    without(stack, [], { [endpointId]: { ...endpoint, Properties: { ...endpoint.Properties, DeploymentConfig } } });
  const { AutoRollbackConfiguration: rollback, ...others } = config;
  const alarms = resources
    .filter(([, { Type }]) => Type === ALARM)
    .map(([id, { Properties }]) => {
      const Alarms = rollback.Alarms.filter(({ AlarmName }: Json) => AlarmName.Ref !== id);
      const left = without(configured({ ...config, AutoRollbackConfiguration: { Alarms } }), [id]);
      return mutant('Alarm', `alarm ${watched(id, Properties)} dropped`, left);
    });
  const verifiers = resources.filter(([, { Type }]) => Type === VERIFIER).map(([id]) => id);
  return [
    ...alarms,
    mutant('Auto rollback', 'automatic rollback dropped', configured(others)),
    mutant('Verification', 'verification dropped', without(stack, verifiers)),
    ...waitsOf(config).map((path) =>
      mutant('Guardrail wait', `${path.at(-1)} is zero`, configured(zeroed(config, path))),
    ),
  ];
}

/** `ErrorRate of the fleet`: the three-dimension alarm; of the variant: the one without the config. */
function watched(id: string, properties: TemplateResource['Properties']): string {
  const dimensions: readonly Json[] = properties?.['Dimensions'];
  const [, signal] = /(?:Fleet|Variant)(\w+?)[0-9A-F]{8}$/.exec(id) ?? [];
  return `${signal} of the ${dimensions.length === 3 ? 'fleet' : 'variant'}`;
}

/** Where in a deployment config somebody waits at all. */
function waitsOf(config: Json, path: readonly string[] = []): string[][] {
  return Object.entries<Json>(config).flatMap(([key, value]) => {
    if (/^(Wait|TerminationWait)\w*InSeconds$/.test(key)) return value > 0 ? [[...path, key]] : [];
    return typeof value === 'object' && !Array.isArray(value) ? waitsOf(value, [...path, key]) : [];
  });
}

function zeroed(config: Json, [first, ...rest]: readonly string[]): Json {
  return { ...config, [first]: rest.length === 0 ? 0 : zeroed(config[first], rest) };
}

/** The stack without some resources, and with others changed. */
function without(
  { template, ...stack }: StackArtifact,
  gone: readonly string[],
  changed: Readonly<Record<string, TemplateResource>> = {},
): StackArtifact {
  const Resources = Object.fromEntries(
    Object.entries({ ...template.Resources, ...changed }).filter(([id]) => !gone.includes(id)),
  );
  return { ...stack, template: { ...template, Resources } };
}
