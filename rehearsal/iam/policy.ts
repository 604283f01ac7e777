/** One value or a list of them, as policy JSON writes it. */
export type OneOrMany<T> = T | readonly T[];

/** One statement of an identity-based policy, resolved: no intrinsic functions are left in it. */
export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: OneOrMany<string>;
  readonly NotAction?: OneOrMany<string>;
  readonly Resource?: OneOrMany<string>;
  readonly NotResource?: OneOrMany<string>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMany<string | number | boolean>>>>>;
}

/** A policy document as a template carries it. */
export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: OneOrMany<PolicyStatement>;
}

/** What is known about a request beyond action and resource, by condition key; keys are compared without case. */
export type RequestContext = Readonly<Record<string, OneOrMany<string>>>;

export function many<T>(value: OneOrMany<T> | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as T];
}
