import { type Json, seconds } from '../services/service';
import type { Execution } from './execution';

/** An execution as DescribeExecution tells it. */
// source: sfn-describe-execution
export function describeExecution(execution: Execution): Json {
  const { props, status, output, error, cause, startedAt, stoppedAt } = execution;
  return {
    executionArn: props.arn,
    stateMachineArn: props.stateMachineArn.replace(/:\d+$/, ''),
    ...(/:\d+$/.test(props.stateMachineArn) && { stateMachineVersionArn: props.stateMachineArn }),
    name: props.name,
    status,
    startDate: seconds(startedAt),
    ...(stoppedAt !== undefined && { stopDate: seconds(stoppedAt) }),
    input: JSON.stringify(props.input),
    ...(output !== undefined && { output: JSON.stringify(output) }),
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
  };
}

/** The event that EventBridge gets when an execution starts or ends. */
// source: sfn-status-event
export function executionStatusEvent(execution: Execution): Json {
  const { executionArn, stateMachineArn, name, status, input, output, error, cause } = describeExecution(execution);
  const { startedAt, stoppedAt } = execution;
  return {
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    resources: [executionArn],
    detail: {
      executionArn,
      stateMachineArn,
      name,
      status,
      startDate: startedAt,
      stopDate: stoppedAt ?? null,
      input,
      output: output ?? null,
      error: error ?? null,
      cause: cause ?? null,
    },
  };
}
