import table from './resource-types.json';

/** What CloudFormation must know of a resource type. */
export interface ResourceType {
  /** A change of one of these properties makes a new resource. */
  readonly replacedBy: readonly string[];
  /** What `Ref` returns: these properties or attributes, joined. */
  readonly ref: readonly string[];
  readonly attributes: readonly string[];
  readonly arn?: string;
}

const types: Readonly<Record<string, ResourceType>> = table;

// source: cloudformation-custom-resource
const CUSTOM: ResourceType = { replacedBy: ['ServiceToken'], ref: ['PhysicalResourceId'], attributes: [] };
const METADATA: ResourceType = { replacedBy: [], ref: ['Id'], attributes: [] };

/** What is assumed of a type that the rehearsal does not know, where it need not. */
export const OTHER: ResourceType = { replacedBy: [], ref: [], attributes: [] };

export const isCustom = (type: string) => type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';

/** Undefined for a type that the rehearsal does not know. */
// source: cloudformation-resource-types
export function resourceType(type: string): ResourceType | undefined {
  if (isCustom(type)) return CUSTOM;
  return type === 'AWS::CDK::Metadata' ? METADATA : types[type];
}
