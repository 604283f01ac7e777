import { type CfnResource, Stack } from 'aws-cdk-lib';

/** aws-cdk's own way to a template, which its types keep to itself. */
interface Renders {
  _toCloudFormation(): unknown;
}

/** A resource's properties as the template will have them: tags, overrides and escape hatches included. */
export function renderedProperties(resource: CfnResource): { readonly [name: string]: unknown } {
  const template = Stack.of(resource).resolve((resource as unknown as Renders)._toCloudFormation());
  const [rendered] = Object.values(template.Resources) as { Properties?: { readonly [name: string]: unknown } }[];
  return rendered.Properties ?? {};
}
