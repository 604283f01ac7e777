import { type CfnResource, Stack } from 'aws-cdk-lib';

/** aws-cdk's own way to a template, and what escape hatches put aside for it; its types keep both to themselves. */
interface Renders {
  _toCloudFormation(): unknown;
  readonly rawOverrides: { readonly Properties?: { readonly [name: string]: unknown } };
}

/** What escape hatches put over some of a resource's properties; undefined where they leave all of these alone. */
export function overridesOf(resource: CfnResource, ...names: string[]): unknown {
  const { Properties: overrides } = (resource as unknown as Renders).rawOverrides;
  const found = Object.entries(overrides ?? {}).filter(([name]) => names.includes(name));
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** Whether an escape hatch changes what the template will have. */
export function isOverridden(resource: CfnResource): boolean {
  return Object.keys((resource as unknown as Renders).rawOverrides).length > 0;
}

/** A resource's properties as the template will have them: tags, overrides and escape hatches included. */
export function renderedProperties(resource: CfnResource): { readonly [name: string]: unknown } {
  const template = Stack.of(resource).resolve((resource as unknown as Renders)._toCloudFormation());
  const [rendered] = Object.values(template.Resources) as { Properties?: { readonly [name: string]: unknown } }[];
  return rendered.Properties ?? {};
}
