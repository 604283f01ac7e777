import type { Json } from '../services/service';
import type { Execution } from './execution';
import type { TaskTokens } from './task-tokens';

/** One call that a Task makes in the name of its state machine's role. */
export interface ApiCall {
  /** As in IAM actions: `sagemaker`, `dynamodb`, `lambda`, `states`. */
  readonly service: string;
  /** PascalCase: `DescribeEndpoint`. */
  readonly operation: string;
  readonly input: Json;
  readonly roleArn: string;
}

/**
 * What executions can reach. `call` answers with the API's reply or throws an AwsError.
 * `lambda` `Invoke` takes and gives its Payload as data, with `FunctionError` when the function threw.
 */
export interface Integrations {
  call(call: ApiCall): Json | Promise<Json>;
  readonly tokens: TaskTokens;
  /** Calls back when a started execution has ended; the result forgets the wish. */
  watch(executionArn: string, then: (execution: Execution) => void): () => void;
}
