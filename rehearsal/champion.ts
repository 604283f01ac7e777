import type { StackArtifact, Template, TemplateResource } from './cloudformation/template';
import type { Json } from './services/service';

/** Hexadecimal digits at the end of a name: how a generated name carries the version it belongs to. */
const FINGERPRINT = /[0-9a-f]{6,}$/i;

/** The digest of a version in the properties of a rollout, as JSON. */
const DIGEST = /(\\*"digest\\*":\\*")([0-9a-f]{6,})/gi;

/**
 * The version before the one in the template: the same stack with another model in it, for a rehearsal that is given
 * no older assembly. Model and config are other resources then, and so are alarms whose names end in a fingerprint.
 */
export function championOf(artifact: StackArtifact): StackArtifact {
  return versionOf(artifact, { name: 'champion', digit: '0' });
}

/** A version that is neither the one in the template nor the one before it. */
export function anotherVersionOf(artifact: StackArtifact): StackArtifact {
  return versionOf(artifact, { name: 'another', digit: '1' });
}

/** The phase before anything is launched, in the spec of a rollout, which is JSON in a text. */
const BEFORE = /\{\\*"kind\\*":\\*"before\\*"[^{}]*\},?/g;

/** The same deployment as one that has passed its gates: what the scenario says of reports is about the version after it. */
export function allowed(artifact: StackArtifact): StackArtifact {
  const resources = Object.entries(artifact.template.Resources).map(([id, resource]) => {
    if (resource.Type !== 'Custom::RolloutSpec') return [id, resource];
    const { Spec, ...others } = resource.Properties ?? {};
    return [id, { ...resource, Properties: { ...others, Spec: JSON.parse(JSON.stringify(Spec).replace(BEFORE, '')) } }];
  });
  return { ...artifact, template: { ...artifact.template, Resources: Object.fromEntries(resources) } };
}

/** What another version is told by: its name, and the digit that its fingerprints are made of. */
interface Version {
  readonly name: string;
  readonly digit: string;
}

function versionOf(artifact: StackArtifact, version: Version): StackArtifact {
  const resources = Object.entries(artifact.template.Resources);
  const earlier = resources.map(([id, resource]) => [id, ofVersion(resource, version)]);
  const template: Template = { ...artifact.template, Resources: Object.fromEntries(earlier) };
  return { ...artifact, template };
}

function ofVersion(resource: TemplateResource, { name, digit }: Version): TemplateResource {
  const { Type: type, Properties: properties = {} } = resource;
  if (type === 'AWS::SageMaker::Model') {
    const key = properties['Containers'] === undefined ? 'PrimaryContainer' : 'Containers';
    const [first, ...others] = [properties[key] ?? {}].flat();
    const container = { ...first, Environment: { ...first.Environment, REHEARSED_AS: name } };
    return {
      ...resource,
      Properties: { ...properties, [key]: key === 'Containers' ? [container, ...others] : container },
    };
  }
  if (type === 'AWS::SageMaker::EndpointConfig') {
    const other = (variant: Json) =>
      typeof variant.ModelName === 'string' ? { ...variant, ModelName: `${variant.ModelName}-${name}` } : variant;
    const variants = (properties['ProductionVariants'] ?? []).map(other);
    return { ...resource, Properties: { ...properties, ProductionVariants: variants } };
  }
  if (type === 'Custom::RolloutFence' || type === 'Custom::RolloutSpec') {
    // The digest stands by itself, and in the spec, which is JSON in a text.
    const text = JSON.stringify(properties).replace(
      DIGEST,
      (_match, before: string, digits: string) => `${before}${digits.replace(/./g, digit)}`,
    );
    return { ...resource, Properties: JSON.parse(text) };
  }
  const alarmName: unknown = properties['AlarmName'];
  if (type === 'AWS::CloudWatch::Alarm' && typeof alarmName === 'string' && FINGERPRINT.test(alarmName)) {
    const other = alarmName.replace(FINGERPRINT, (digits) => digits.replace(/./g, digit));
    return { ...resource, Properties: { ...properties, AlarmName: other } };
  }
  return resource;
}

/** Models that configs and handovers name and no template makes: they are there before the rehearsal begins. */
export function modelsFromElsewhere(artifact: StackArtifact): string[] {
  const configs = Object.values(artifact.template.Resources).filter(
    ({ Type }) => Type === 'AWS::SageMaker::EndpointConfig',
  );
  const variants = configs.flatMap(({ Properties: properties = {} }) => [
    ...(properties['ProductionVariants'] ?? []),
    ...(properties['ShadowProductionVariants'] ?? []),
  ]);
  const handovers = Object.values(artifact.template.Resources).filter(({ Type }) => Type === 'Custom::RolloutSpec');
  const names: Json[] = [
    ...variants.map((variant: Json) => variant.ModelName),
    ...handovers.map(({ Properties: properties = {} }) => literalModelName(properties['Spec'])),
  ];
  return [...new Set(names.filter((name) => typeof name === 'string'))];
}

/** The model in the text of a spec, where it is a name and no reference. */
function literalModelName(spec: Json): string | undefined {
  const parts: readonly Json[] = typeof spec === 'string' ? [spec] : (spec?.['Fn::Join']?.[1] ?? []);
  const text = parts.map((part) => (typeof part === 'string' ? part : '<reference>')).join('');
  return /"modelName":"([\w-]+)"/.exec(text)?.[1];
}
