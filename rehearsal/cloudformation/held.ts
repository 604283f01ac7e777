import type { Json } from '../services/service';
import { Intrinsics } from './intrinsics';
import { type Physical, type Properties, ResourceFailure, type StackIdentity } from './resource-provider';
import { OTHER, resourceType } from './resource-types';
import type { Template, TemplateResource } from './template';

/** A resource that a stack holds. */
export interface Held {
  readonly resource: TemplateResource;
  readonly properties: Properties;
  readonly physical: Physical;
}

// source: cloudformation-return-values
/** The intrinsic functions of a template, over the resources that are there so far. */
export function intrinsicsOf(
  template: Template,
  stack: StackIdentity,
  resources: ReadonlyMap<string, Held>,
  exports: ReadonlyMap<string, Json>,
): Intrinsics {
  const pseudo = {
    'AWS::Region': stack.region,
    'AWS::AccountId': stack.account,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stack.name,
    'AWS::StackId': stack.id,
    'AWS::NotificationARNs': [],
  };
  const held = (id: string) => {
    const found = resources.get(id);
    if (found === undefined) throw new Error(`'${id}' is not in the template`);
    return found;
  };
  return new Intrinsics(template, pseudo, {
    ref: (id) => {
      const { resource, physical, properties } = held(id);
      const { ref } = resourceType(resource.Type) ?? OTHER;
      return ref.map((part) => physical.attributes[part] ?? properties[part] ?? physical.id).join('|');
    },
    attribute: (id, attribute) => {
      const { resource, physical } = held(id);
      const value = physical.attributes[attribute];
      if (value === undefined) throw new ResourceFailure(`${resource.Type} ${id} has no attribute ${attribute}`);
      return value;
    },
    // source: cloudformation-exports
    exported: (name) => {
      const value = exports.get(name);
      if (value === undefined) throw new ResourceFailure(`No export named ${name} found.`);
      return value;
    },
  });
}

/** The properties that differ. */
export function changes(before: Properties, after: Properties): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}
