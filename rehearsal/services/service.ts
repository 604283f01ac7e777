import type { RequestContext } from '../iam/policy';

/** Plain JSON as it goes over the wire. */
// biome-ignore lint/suspicious/noExplicitAny: AWS requests and replies are open JSON; each operation checks its own
export type Json = any;

/**
 * One embedded AWS service. State-machine integrations and the wire of the sandbox both call it here, so that both
 * see the same world. Operations are PascalCase (`PutItem`); an AwsError is the service's own refusal.
 */
export interface AwsService {
  /** The service in IAM actions: `dynamodb`, `sagemaker`, `states`, `events`. */
  readonly name: string;
  /** Takes and gives what the service's JSON has on the wire: points of time are seconds since 1970. */
  invoke(operation: string, input: Json): Json | Promise<Json>;
  /** The action that IAM is asked about, where it is not the operation: `s3:GetObject` for HeadObject. */
  actionOf?(operation: string): string;
  /** The ARNs that IAM is asked about for a call; `*` for an action without resource types. */
  resourcesOf?(operation: string, input: Json): readonly string[];
  /** The condition keys that a call brings with it, such as `s3:prefix`. */
  contextOf?(operation: string, input: Json): RequestContext;
}

/** A point of virtual time as the wire has it. */
export const seconds = (milliseconds: number): number => milliseconds / 1000;
