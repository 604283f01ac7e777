import { DescribeEndpointCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';

/** What SageMaker says of an endpoint, as far as serving goes. */
export interface ServingState {
  /** SageMaker's word, such as `InService`; undefined when it gave none. */
  readonly status?: string;
  /** The endpoint config that serves. */
  readonly config?: string;
  /** The endpoint config that SageMaker is on its way to; undefined when no deployment is pending. */
  readonly pendingConfig?: string;
  /** Why it failed. SageMaker documents it for `Failed` only, and gives it after some rollbacks too. */
  readonly failureReason?: string;
}

/** Reads what serves. It throws what SageMaker answers, throttling and refusal included. */
export type DescribeServing = (endpointName: string) => Promise<ServingState>;

export function describeServing(client = new SageMakerClient({ maxAttempts: 5 })): DescribeServing {
  return async (endpointName) => {
    const found = await client.send(new DescribeEndpointCommand({ EndpointName: endpointName }));
    const pending = found.PendingDeploymentSummary;
    return {
      status: found.EndpointStatus,
      config: found.EndpointConfigName,
      // A summary without a name is a deployment that is pending all the same.
      pendingConfig: pending === undefined ? undefined : (pending.EndpointConfigName ?? 'unknown'),
      failureReason: found.FailureReason,
    };
  };
}
