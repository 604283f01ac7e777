import type { ServingState } from '../aws/sagemaker';

/** `yes`: the requested config serves. `no`: another one does. `cannotSay`: SageMaker is not done, or did not tell. */
export interface Answer {
  readonly kind: 'yes' | 'no' | 'cannotSay';
  readonly reason: string;
}

/** States in which SageMaker has finished, and the requested config does not serve alone. */
const OVER: readonly string[] = ['Failed', 'OutOfService', 'UpdateRollbackFailed', 'Deleting'];

/**
 * `InService` alone proves nothing: after a silent rollback an endpoint is in service with the old config.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html
 */
export function isServing(requested: string, state: ServingState): Answer {
  const { status, config, pendingConfig, failureReason } = state;
  const why = failureReason === undefined ? '' : `: ${failureReason}`;
  if (status === 'InService' && config === requested && pendingConfig === undefined) {
    return { kind: 'yes', reason: `${requested} serves` };
  }
  if (status !== undefined && OVER.includes(status)) {
    return { kind: 'no', reason: `the endpoint is ${status}${why}` };
  }
  if (status === 'InService' && pendingConfig === undefined && config !== undefined) {
    return { kind: 'no', reason: `SageMaker went back: ${config} serves, ${requested} was requested${why}` };
  }
  const pending = pendingConfig === undefined ? '' : `, on its way to ${pendingConfig}`;
  return { kind: 'cannotSay', reason: `the endpoint is ${status ?? 'in a state nobody told'}${pending}${why}` };
}
