import { AwsError } from '../../services/aws-error';
import { type Physical, ResourceFailure, type ResourceProvider, type StackIdentity } from '../resource-provider';

/** What exists, and is no more: each attribute that anybody asks for has some value. */
// source: cloudformation-passive
function bystander(id: string, { region, account }: StackIdentity): Physical {
  const value = (name: string) =>
    name.endsWith('Arn') ? `arn:aws:rehearsal:${region}:${account}:${id}` : `${id}.${name}`;
  return { id, attributes: new Proxy({}, { get: (_none, name) => value(String(name)) }) };
}

/**
 * Makes the resources of a stack that is only needed by another. A network or somebody else's function may be of a type, or
 * have a property, that is not rehearsed: it stands by.
 *
 * @param known what makes resources of this type; undefined where nobody knows it
 */
export function tolerant(known: ResourceProvider | undefined): ResourceProvider {
  const standingBy = new Set<string>();
  return {
    async create(request, properties) {
      try {
        if (known !== undefined) return await known.create(request, properties);
      } catch (error) {
        if (error instanceof ResourceFailure || error instanceof AwsError) throw error;
      }
      standingBy.add(request.generatedName);
      return bystander(request.generatedName, request.stack);
    },
    async update(request, properties, physical, before) {
      if (known === undefined || standingBy.has(physical.id)) return physical;
      return known.update(request, properties, physical, before);
    },
    async delete(request, physical, properties) {
      if (known !== undefined && !standingBy.has(physical.id)) await known.delete(request, physical, properties);
    },
  };
}
