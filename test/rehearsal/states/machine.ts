import { AwsError } from '../../../rehearsal/services/aws-error';
import type { Json } from '../../../rehearsal/services/service';
import { type ApiCall, type Execution, StepFunctions, type StepFunctionsProps } from '../../../rehearsal/states';
import { Clock } from '../../../rehearsal/time/clock';
import { randomStream } from '../../../rehearsal/time/random';

export const role = 'arn:aws:iam::123456789012:role/machine';
export const machineArn = (name: string) => `arn:aws:states:eu-west-1:123456789012:stateMachine:${name}`;

/** What a test's Tasks reach: functions by name, and APIs as `service:Operation`. */
export type Doubles = Readonly<Record<string, (input: Json, call: ApiCall) => Json>>;

/** A small account: a clock, Step Functions, and doubles for everything that Tasks call. */
export function account(doubles: Doubles = {}, extra: Partial<StepFunctionsProps> = {}) {
  const clock = new Clock();
  const calls: ApiCall[] = [];
  const sfn: StepFunctions = new StepFunctions({
    clock,
    random: randomStream(7, 'states'),
    region: 'eu-west-1',
    account: '123456789012',
    call: (call) => {
      calls.push(call);
      if (call.service === 'states') return sfn.invoke(call.operation, call.input);
      const double = doubles[`${call.service}:${call.operation}`];
      if (double === undefined) throw new AwsError('AccessDeniedException', 'no such double');
      return double(call.input, call);
    },
    ...extra,
  });
  const create = (definition: Json, name = 'm') => {
    sfn.invoke('CreateStateMachine', { name, roleArn: role, definition: JSON.stringify(definition) });
    return machineArn(name);
  };
  const start = (definition: Json, input: Json = {}, name = 'm'): Execution => {
    const stateMachineArn = create(definition, name);
    const reply = sfn.invoke('StartExecution', { stateMachineArn, name: 'run', input: JSON.stringify(input) });
    return sfn.execution(reply.executionArn);
  };
  const settle = (execution: Execution): Promise<Execution> =>
    clock.run(new Promise<Execution>((resolve) => execution.whenDone(resolve)));
  const run = (definition: Json, input: Json = {}) => settle(start(definition, input));
  return { clock, sfn, calls, create, start, settle, run };
}

/** A machine of one state, which ends there unless it says otherwise. */
export const only = (state: Json): Json => ({
  StartAt: 'S',
  States: { S: ['Succeed', 'Fail', 'Choice'].includes(state.Type) ? state : { End: true, ...state } },
});

/** Types of the events, in order. */
export const types = (execution: Execution) => execution.history.map(({ type }) => type);

export const lambda = 'arn:aws:lambda:eu-west-1:123456789012:function:f';
