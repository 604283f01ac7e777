import { DEFAULT_KNOBS } from '../knobs';
import type { Invocation } from '../lambda/lambda-function';
import type { Startup } from '../sagemaker/fleets';
import type { Fleet } from '../sagemaker/router';
import { SageMakerService } from '../sagemaker/service';
import {
  AwsError,
  type AwsService,
  DynamoDb,
  EventBridge,
  type Faults,
  type Json,
  Lambda,
  type Rule,
  Sns,
} from '../services';
import { type Definition, type Execution, executionStatusEvent, type HistoryEvent, StepFunctions } from '../states';
import { type RandomStream, randomStream } from '../time/random';
import { World } from '../world';
import type { CampaignCase } from './campaign-case';

export const ENDPOINT = 'fraud';
const REGION = 'us-east-1';
const ACCOUNT = '123456789012';
const at = (service: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}`;

/** Names of what the engine's functions find in their environment. */
export const NAMES = {
  table: 'record',
  topic: `${at('sns')}:notifications`,
  rollout: `${at('states')}:stateMachine:engine-rollout`,
  rollback: `${at('states')}:stateMachine:engine-rollback`,
  bake: `${at('states')}:stateMachine:engine-bake`,
} as const;

/** Name and ARN of a function. */
export const functionArn = (name: string): string => `${at('lambda')}:function:${name}`;

/** One call of an AWS API, as an SDK makes it; what AWS refuses is thrown. */
export type Send = (service: string, operation: string, input: Json) => Promise<Json>;

/** The jobs of the engine, as functions of one environment: they reach AWS through `send` only. */
export type Jobs = (send: Send, now: () => number) => Readonly<Record<string, (event: Json) => Promise<Json>>>;

/** The engine as it was synthesized: its machines and rules, and its functions' sources. */
export interface Engine {
  readonly machines: Readonly<Record<'rollout' | 'bake' | 'rollback', Definition>>;
  readonly rules: readonly Rule[];
  readonly jobs: Jobs;
}

/** What a run is watched by. */
export interface AccountOptions {
  readonly onEvent: (execution: Execution, event: HistoryEvent) => void;
  /** Answers the functions that judge; it may take its time. */
  readonly judge: (name: string, event: Json) => Promise<Json>;
  /** Levels of alarms that are not OK. */
  readonly alarms: ReadonlySet<string>;
  readonly startup: (fleet: Fleet) => Startup;
}

/** A function may run so long before it is stopped. */
const FUNCTION_SECONDS = 60;
/** Attempts that an SDK makes for one call: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
const SDK_ATTEMPTS = 3;

/** A function's process: what it has made once stays for the invocations that follow. */
interface Environment {
  readonly jobs: ReturnType<Jobs>;
  serves: { readonly name: string; readonly event: Json; readonly startedAt: number };
}

/** One account with the engine in it: real machines and real functions, but nothing of CloudFormation, IAM and bundles. */
export class EngineAccount {
  public readonly world: World;
  public readonly dynamodb = new DynamoDb(at('dynamodb'));
  public readonly sns: Sns;
  public readonly events: EventBridge;
  public readonly states: StepFunctions;
  /** Deliveries that have not reached their target yet. */
  private underWay = 0;
  private readonly services = new Map<string, AwsService>();
  private faulty: ReadonlyMap<string, AwsService> | undefined;
  private readonly latency: RandomStream;
  /** Environments of functions that wait for their next invocation. */
  private readonly warm: Environment[] = [];

  constructor(
    { seed, weather }: CampaignCase,
    private readonly engine: Engine,
    private readonly options: AccountOptions,
  ) {
    const { weightsApplySeconds, describeStaleSeconds, events: times, outOfOrder } = weather;
    const knobs = { ...DEFAULT_KNOBS, weightsApplySeconds, describeStaleSeconds };
    this.world = new World({ seed, knobs, region: REGION, account: ACCOUNT, startup: options.startup });
    const { clock } = this.world;
    this.latency = randomStream(seed, 'latency');
    this.sns = new Sns(clock);
    this.sns.createTopic(NAMES.topic);
    this.dynamodb.createTable(NAMES.table, RECORD);
    this.events = new EventBridge({
      clock,
      random: randomStream(seed, 'events'),
      region: REGION,
      account: ACCOUNT,
      delivery: { times, outOfOrder },
      deliver: (_, input) => void this.startRollback(input),
    });
    for (const rule of engine.rules) this.events.putRule(rule);
    this.states = new StepFunctions({
      clock,
      random: randomStream(seed, 'states'),
      region: REGION,
      account: ACCOUNT,
      call: ({ service, operation, input }) => this.service(service).invoke(operation, input),
      onEvent: options.onEvent,
      onStatusChange: (execution) => this.tell(execution),
    });
    const lambda = new Lambda(at('lambda'), (arn) => this.find(arn));
    const cloudwatch = { name: 'cloudwatch', invoke: (_: string, input: Json) => this.describeAlarms(input) };
    const sagemaker = new SageMakerService(this.world.sagemaker);
    for (const one of [this.dynamodb, this.sns, this.states, lambda, cloudwatch, sagemaker])
      this.services.set(one.name, one);
    for (const [name, definition] of Object.entries(engine.machines)) {
      const create = { name: `engine-${name}`, roleArn: 'role', definition: JSON.stringify(definition) };
      this.states.invoke('CreateStateMachine', create);
    }
  }

  /** Whether nothing runs, and nothing is asked for again. */
  public get still(): boolean {
    return this.underWay === 0 && !this.states.started.some(({ running }) => running);
  }

  /** From now on these faults befall calls; addresses count from here. */
  public strike(faults: Faults): void {
    this.faulty = new Map([...this.services].map(([name, service]) => [name, faults.around(service)]));
  }

  /** Runs one of the engine's jobs, as Lambda does: an environment serves one invocation at a time, and is kept. */
  private async job(name: string, event: Json): Promise<Json> {
    const environment = this.warm.pop() ?? this.start();
    environment.serves = { name, event, startedAt: this.world.clock.now() };
    try {
      return await environment.jobs[name](event);
    } finally {
      this.warm.push(environment);
    }
  }

  private start(): Environment {
    const { clock, log } = this.world;
    const send: Send = async (service, operation, input) => {
      await clock.sleep(5 + 50 * this.latency());
      if (service === 'sagemaker' && /^(Update|Create)Endpoint(Weights.*)?$/.test(operation)) {
        const { name, event, startedAt } = environment.serves;
        const { epoch, rolloutId } = event;
        log.record(name, 'Mutates', operation, { operation, epoch, rolloutId, startedAt });
      }
      return this.call(service, operation, input);
    };
    const jobs = this.engine.jobs(send, () => clock.now());
    const environment: Environment = { jobs, serves: { name: '', event: {}, startedAt: 0 } };
    return environment;
  }

  /** Runs a job for no longer than its function may run. */
  public invoke(name: string, event: Json) {
    return this.bounded(FUNCTION_SECONDS, this.job(name, event));
  }

  /** Every item of the record. */
  public get record(): readonly Json[] {
    return [...this.dynamodb.table(NAMES.table).all];
  }

  public item(pk: string, sk: string): Json {
    return this.record.find((one) => one.pk.S === pk && one.sk.S === sk);
  }

  /** An SDK's call: what is throttled, and what fails on AWS's side, is asked again. */
  private async call(service: string, operation: string, input: Json): Promise<Json> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.service(service).invoke(operation, structuredClone(input));
      } catch (error) {
        const passing = error instanceof AwsError && (error.code === 'ThrottlingException' || error.status >= 500);
        if (!passing || attempt >= SDK_ATTEMPTS) throw error;
        await this.world.clock.sleep(100 * 2 ** attempt);
      }
    }
  }

  private service(name: string): AwsService {
    const service = (this.faulty ?? this.services).get(name);
    if (service === undefined) throw new Error(`the campaign has no ${name}`);
    return service;
  }

  private find(arn: string) {
    const name = arn.split(':').at(-1) ?? '';
    const ask = name.startsWith('judge') || name.startsWith('user') ? this.options.judge : this.job.bind(this);
    return {
      invoke: (event: Json) => this.bounded(name.startsWith('user') ? 901 : FUNCTION_SECONDS, ask(name, event)),
    };
  }

  /** What Lambda answers: the result, the error that was thrown, or that time is over. */
  private bounded(seconds: number, work: Promise<Json>): Promise<Invocation> {
    const { clock } = this.world;
    return new Promise((resolve) => {
      const failed = ({ name, message }: Error) => resolve({ ok: false, errorType: name, errorMessage: message });
      const timer = clock.after(1000 * seconds, () => failed(named('Sandbox.Timedout', 'Task timed out')));
      const then = (ended: () => void) => {
        clock.cancel(timer);
        ended();
      };
      work.then(
        // What a function gives back travels as JSON.
        (result) => then(() => resolve({ ok: true, payload: JSON.parse(JSON.stringify(result ?? null)) })),
        (error) => then(() => failed(error instanceof Error ? error : new Error(String(error)))),
      );
    });
  }

  private describeAlarms({ AlarmNames = [], AlarmTypes }: Json): Json {
    if (AlarmTypes?.[0] !== 'MetricAlarm') return { CompositeAlarms: [] };
    const level = (name: string) => (this.options.alarms.has(name) ? 'ALARM' : 'OK');
    return { MetricAlarms: AlarmNames.map((AlarmName: string) => ({ AlarmName, StateValue: level(AlarmName) })) };
  }

  /** Rules start executions again and again for a day: what is throttled or fails is only late. */
  private async startRollback(input: Json): Promise<void> {
    this.underWay++;
    for (let attempt = 1; attempt <= 185; attempt++) {
      try {
        this.service('states').invoke('StartExecution', {
          stateMachineArn: NAMES.rollback,
          input: JSON.stringify(input),
        });
        break;
      } catch (error) {
        if (!(error instanceof AwsError)) this.world.clock.fail(error);
        await this.world.clock.sleep(1000 * Math.min(600, 2 ** attempt));
      }
    }
    this.underWay--;
  }

  private tell(execution: Execution): void {
    const { props, status, output, history, error } = execution;
    const what = history.length === 0 ? 'ExecutionStarted' : 'ExecutionEnded';
    const machine = props.stateMachineName;
    const data = { machine, name: props.name, status, output, input: props.input };
    this.world.log.record('states', what, `${machine} ${props.name} is ${status} ${error ?? ''}`, data);
    this.events.publish(executionStatusEvent(execution));
  }
}

const key = (AttributeName: string, KeyType: string) => ({ AttributeName, KeyType });
const RECORD = {
  KeySchema: [key('pk', 'HASH'), key('sk', 'RANGE')],
  AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
};

function named(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}
