import { AwsError } from './aws-error';
import type { Json } from './service';

/** What a service can do, by operation. */
export type Operations = Readonly<Record<string, (input: Json) => Json>>;

/** Calls an operation; one that the rehearsal does not have is refused by its name. */
export function invokeOperation(service: string, operations: Operations, operation: string, input: Json): Json {
  if (!Object.hasOwn(operations, operation)) {
    throw new AwsError('UnknownOperationException', `the rehearsal has no ${service}:${operation}`);
  }
  return operations[operation](input ?? {});
}
