import { AwsError } from '../services/aws-error';
import { invokeOperation, type Operations } from '../services/operations';
import { type AwsService, type Json, seconds } from '../services/service';
import type { Clock } from '../time/clock';
import type { RandomStream } from '../time/random';
import { StatesError } from './errors';
import { Execution, type ExecutionPorts } from './execution';
import { describeExecution } from './execution-view';
import { exceedsPayload, MAXIMUM_PAYLOAD_BYTES, renderEvent } from './history';
import type { ApiCall } from './integrations';
import { uuid } from './intrinsics';
import { StateMachines } from './state-machines';
import { TaskTokens } from './task-tokens';

/** What the embedded Step Functions needs of the world. */
export interface StepFunctionsProps {
  readonly clock: Clock;
  /** For jitter, UUIDs, task tokens and names. */
  readonly random: RandomStream;
  readonly region: string;
  readonly account: string;
  /** @default 'aws' */
  readonly partition?: string;
  /** What Tasks call; see {@link ApiCall}. Calls to `states` come back here through it, so that IAM sees them too. */
  readonly call: (call: ApiCall) => Json | Promise<Json>;
  /** @default - nobody looks */
  readonly onEvent?: ExecutionPorts['onEvent'];
  /** @default - nobody is told */
  readonly onStatusChange?: ExecutionPorts['onStatusChange'];
}

/** Standard workflows: state machines with versions, executions, task tokens. */
export class StepFunctions implements AwsService {
  public readonly name = 'states';
  public readonly tokens: TaskTokens;
  private readonly machines: StateMachines;
  private readonly arnPrefix: string;
  private readonly executions = new Map<string, Execution>();
  private readonly operations: Operations;

  constructor(private readonly props: StepFunctionsProps) {
    this.tokens = new TaskTokens(props.random);
    this.arnPrefix = `arn:${props.partition ?? 'aws'}:states:${props.region}:${props.account}`;
    this.machines = new StateMachines(props.clock, this.arnPrefix);
    this.operations = {
      CreateStateMachine: (input) => this.machines.create(input),
      UpdateStateMachine: (input) => this.machines.update(input),
      DeleteStateMachine: (input) => this.machines.delete(input),
      PublishStateMachineVersion: (input) => this.machines.publishVersion(input),
      DescribeStateMachine: (input) => this.machines.describe(input),
      StartExecution: (input) => this.startExecution(input),
      StopExecution: (input) => this.stopExecution(input),
      DescribeExecution: (input) => describeExecution(this.execution(input.executionArn)),
      ListExecutions: (input) => this.listExecutions(input),
      GetExecutionHistory: (input) => this.history(input),
      SendTaskSuccess: (input) => this.sendTaskSuccess(input),
      SendTaskFailure: (input) => this.sendTaskFailure(input),
      SendTaskHeartbeat: (input) => this.sendTaskHeartbeat(input),
    };
  }

  public invoke(operation: string, input: Json): Json {
    return invokeOperation(this.name, this.operations, operation, input);
  }

  // source: iam-actions-resources
  public resourcesOf(_operation: string, input: Json): readonly string[] {
    return [input?.executionArn ?? input?.stateMachineArn ?? '*'];
  }

  /** The execution behind an ARN, for invariants and reports. */
  public execution(arn: string): Execution {
    const execution = this.executions.get(arn);
    if (execution !== undefined) return execution;
    throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  }

  /** Every execution that was ever started, in the order of their starts. */
  public get started(): readonly Execution[] {
    return [...this.executions.values()];
  }

  /** The same name starts nothing twice: with the same input while it runs it is the same execution, else an error. */
  // source: sfn-start-execution
  private startExecution(input: Json): Json {
    const { machine, definition, roleArn } = this.machines.find(input.stateMachineArn);
    const name = input.name ?? uuid(this.props.random);
    if (typeof name !== 'string' || !/^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u.test(name)) {
      throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
    }
    const arn = `${this.arnPrefix}:execution:${machine.name}:${name}`;
    const data = readInput(input.input ?? '{}');
    const known = this.executions.get(arn);
    if (known !== undefined) {
      const same = known.running && JSON.stringify(known.props.input) === JSON.stringify(data);
      if (same) return { executionArn: arn, startDate: seconds(known.startedAt) };
      throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    }
    const identity = { arn, name, stateMachineArn: input.stateMachineArn, stateMachineName: machine.name, roleArn };
    const execution = new Execution({ ...identity, definition, input: data }, this.ports());
    this.executions.set(arn, execution);
    execution.start();
    return { executionArn: arn, startDate: seconds(execution.startedAt) };
  }

  private ports(): ExecutionPorts {
    const { clock, random, call, onEvent, onStatusChange } = this.props;
    const integrations = {
      call,
      tokens: this.tokens,
      watch: (executionArn: string, then: (execution: Execution) => void) => {
        let wanted = true;
        this.execution(executionArn).whenDone((execution) => wanted && then(execution));
        return () => {
          wanted = false;
        };
      },
    };
    return { clock, random, integrations, onEvent, onStatusChange };
  }

  private stopExecution(input: Json): Json {
    const execution = this.execution(input.executionArn);
    execution.stop(input.error, input.cause);
    return { stopDate: seconds(execution.stoppedAt ?? this.props.clock.now()) };
  }

  private listExecutions(input: Json): Json {
    const { machine } = this.machines.find(input.stateMachineArn);
    const executions = this.started
      .filter(({ props }) => props.stateMachineArn === input.stateMachineArn || props.arn.includes(`:${machine.name}:`))
      .filter(({ status }) => input.statusFilter === undefined || status === input.statusFilter)
      .reverse()
      .map((execution) => {
        const { input: _, output: __, ...rest } = describeExecution(execution);
        return rest;
      });
    return { executions: executions.slice(0, pageSize(input.maxResults)) };
  }

  // source: sfn-history-event
  private history(input: Json): Json {
    const events = [...this.execution(input.executionArn).history];
    if (input.reverseOrder === true) events.reverse();
    const from = input.nextToken === undefined ? 0 : Number(input.nextToken);
    const asked = input.maxResults ?? 0;
    // Zero asks for the default page.
    const size = Math.min(asked > 0 ? asked : 100, 1000);
    const page = events
      .slice(from, from + size)
      .map((event) => renderEvent(event, input.includeExecutionData !== false));
    return from + size < events.length ? { events: page, nextToken: String(from + size) } : { events: page };
  }

  // source: sfn-task-tokens
  private sendTaskSuccess(input: Json): Json {
    const holder = this.tokens.peek(input.taskToken);
    let output: Json;
    try {
      output = JSON.parse(input.output);
    } catch {
      throw new AwsError('InvalidOutput', "Invalid Output: 'output' is not valid JSON");
    }
    if (exceedsPayload(output)) {
      throw new AwsError('InvalidOutput', `Invalid Output: more than ${MAXIMUM_PAYLOAD_BYTES} bytes`);
    }
    this.tokens.take(input.taskToken);
    holder.succeed(output);
    return {};
  }

  private sendTaskFailure(input: Json): Json {
    this.tokens.take(input.taskToken).fail(new StatesError(input.error ?? '', input.cause));
    return {};
  }

  private sendTaskHeartbeat(input: Json): Json {
    this.tokens.peek(input.taskToken).heartbeat();
    return {};
  }
}

/** Zero, too, asks for the default: so says the API. */
// source: sfn-page-size
function pageSize(wanted: number | undefined): number {
  return wanted === undefined || wanted === 0 ? 100 : Math.min(wanted, 1000);
}

function readInput(text: string): Json {
  try {
    const data = JSON.parse(text);
    if (!exceedsPayload(data)) return data;
  } catch {
    throw new AwsError('InvalidExecutionInput', "Invalid State Machine Execution Input: 'input' is not valid JSON");
  }
  throw new AwsError('ValidationException', `input must be at most ${MAXIMUM_PAYLOAD_BYTES} bytes`);
}
