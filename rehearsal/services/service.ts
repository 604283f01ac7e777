/** Plain JSON as it goes over the wire. */
// biome-ignore lint/suspicious/noExplicitAny: AWS requests and replies are open JSON; each operation checks its own
export type Json = any;

/**
 * One embedded AWS service. State-machine integrations and the wire of the sandbox both call it here, so that both
 * see the same world. Operations are PascalCase (`PutItem`); an AwsError is the service's own refusal.
 */
export interface AwsService {
  /** The service in IAM actions and SDK integrations: `dynamodb`, `sagemaker`. */
  readonly name: string;
  invoke(operation: string, input: Json): Json | Promise<Json>;
}
