import { dependencies, dependents } from './cloudformation/dependencies';
import { references } from './cloudformation/intrinsics';
import type { StackArtifact, Template, TemplateResource } from './cloudformation/template';

/** What declares an endpoint, and the property that has its name: CloudFormation's own resource, or what an engine is told. */
const DECLARED_BY: Readonly<Record<string, string>> = {
  'AWS::SageMaker::Endpoint': 'EndpointName',
  'Custom::RolloutSpec': 'Endpoint',
  'Custom::RolloutFence': 'Endpoint',
};

/** The endpoint that a resource declares: null where its name is not known, undefined for any other resource. */
function declaredBy({ Type: type, Properties: properties = {} }: TemplateResource): string | null | undefined {
  const property = DECLARED_BY[type];
  if (property === undefined) return undefined;
  return typeof properties[property] === 'string' ? properties[property] : null;
}

/** Whether a stack declares any endpoint. */
export const hasEndpoint = ({ template }: StackArtifact): boolean =>
  Object.values(template.Resources ?? {}).some((resource) => declaredBy(resource) !== undefined);

/**
 * A stack with one of its endpoints: a story is about one model. The others are left out, and what waits for them.
 *
 * @param wanted its name; undefined where there is only one
 * @throws Error where it is not there, or it is not said which one
 */
export function withOneEndpoint(artifact: StackArtifact, wanted: string | undefined): StackArtifact {
  const { name, template } = artifact;
  const declared = Object.entries(template.Resources).map(([id, resource]) => [id, declaredBy(resource)] as const);
  const names = [...new Set(declared.flatMap(([, endpoint]) => endpoint ?? []))];
  if (wanted === undefined && names.length < 2) return artifact;
  if (wanted === undefined || !names.includes(wanted)) {
    const got = wanted === undefined ? 'nothing' : `'${wanted}'`;
    throw new Error(`endpoint must name one of stack ${name}, ${names.join(', ')}, got ${got} [WhichEndpoint]`);
  }
  const others = declared.flatMap(([id, endpoint]) => (typeof endpoint === 'string' && endpoint !== wanted ? id : []));
  return { ...artifact, template: without(template, others) };
}

function without(template: Template, ids: readonly string[]): Template {
  const waiting = dependents(dependencies(template));
  const gone = new Set(ids);
  // What is added while it goes on is looked at too.
  for (const id of gone) for (const other of waiting.get(id) ?? []) gone.add(other);
  const stays = (value: unknown) => ![...references(value)].some((id) => gone.has(id));
  const kept = <T>(entries: Readonly<Record<string, T>>, holds: (entry: [string, T]) => boolean) =>
    Object.fromEntries(Object.entries(entries).filter(holds));
  return {
    ...template,
    Resources: kept(template.Resources, ([id]) => !gone.has(id)),
    Outputs: kept(template.Outputs ?? {}, ([, output]) => stays(output)),
  };
}
