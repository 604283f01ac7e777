import { uploaded } from './cloudformation/providers/archives';
import { FunctionUrls } from './cloudformation/providers/function-url';
import {
  bucketProvider,
  parameterProvider,
  ruleProvider,
  stateMachineProvider,
  stateMachineVersionProvider,
  tableProvider,
  topicProvider,
} from './cloudformation/providers/further';
import { FunctionVersions } from './cloudformation/providers/lambda-version';
import { modelProvider } from './cloudformation/providers/sagemaker';
import {
  AwsError,
  type AwsService,
  type Delivery,
  DynamoDb,
  EventBridge,
  type Faults,
  type Json,
  Lambda,
  queryWire,
  S3,
  ServiceQuotas,
  Sns,
  Ssm,
  s3Wire,
  type Target,
} from './services';
import { type Execution, executionStatusEvent, StepFunctions, type StepFunctionsProps } from './states';
import { randomStream } from './time/random';
import type { World } from './world';

/** How the further services of a world behave. */
export interface FurtherServicesOptions {
  readonly seed: number;
  readonly region: string;
  readonly account: string;
  /** @default - every event once and in order */
  readonly delivery?: Delivery;
  /** @default - no faults */
  readonly faults?: Faults;
  /** Called after every event of every execution; it may stop the execution. @default - nobody looks */
  readonly onEvent?: StepFunctionsProps['onEvent'];
}

/**
 * What a world needs beyond endpoints and alarms to run a rollout engine: state machines, functions that they call, a
 * record, events, messages and files, all behind the same wire and under the same IAM.
 */
export class FurtherServices {
  public readonly states: StepFunctions;
  public readonly dynamodb: DynamoDb;
  public readonly events: EventBridge;
  public readonly sns: Sns;
  public readonly s3: S3;
  public readonly lambda: Lambda;
  public readonly ssm: Ssm;
  public readonly quotas: ServiceQuotas;
  public readonly urls: FunctionUrls;
  private readonly versions: FunctionVersions;

  constructor(
    private readonly world: World,
    options: FurtherServicesOptions,
  ) {
    const { clock } = world;
    const { seed, region, account, delivery, onEvent } = options;
    const at = (service: string) => `arn:aws:${service}:${region}:${account}`;
    const random = (concern: string) => randomStream(seed, concern);
    this.dynamodb = new DynamoDb(at('dynamodb'));
    this.s3 = new S3(clock);
    this.sns = new Sns(clock);
    this.versions = new FunctionVersions(world.functions);
    this.lambda = new Lambda(at('lambda'), (arn) => this.versions.find(arn));
    const deliver = (target: Target, input: Json) => void this.deliver(target, input);
    this.ssm = new Ssm(at('ssm'));
    this.quotas = new ServiceQuotas(at('servicequotas'));
    this.urls = new FunctionUrls(this.lambda);
    this.events = new EventBridge({ clock, random: random('events'), region, account, delivery, deliver });
    this.states = new StepFunctions({
      clock,
      random: random('states'),
      region,
      account,
      call: ({ service, operation, input, roleArn }) => this.as(roleArn, { service, operation, input }),
      onEvent,
      onStatusChange: (execution) => {
        this.tell(execution);
        this.events.publish(executionStatusEvent(execution));
      },
    });
    for (const service of [
      this.dynamodb,
      this.s3,
      this.sns,
      this.ssm,
      this.quotas,
      this.lambda,
      this.events,
      this.states,
    ]) {
      world.addService((options.faults?.around(service) ?? service) as AwsService);
    }
    for (const protocol of [queryWire, s3Wire]) world.wire.addProtocol(protocol);
    this.addProviders();
    world.cloudwatch.onTransition((transition) => this.publishAlarm(transition));
    world.onEndpointEvent((event) => this.events.publish(event));
  }

  private addProviders(): void {
    this.world.addProvider('AWS::SageMaker::Model', uploaded(modelProvider(this.world.sagemaker), this.s3));
    this.world.addProvider('AWS::DynamoDB::Table', tableProvider(this.dynamodb));
    this.world.addProvider('AWS::Lambda::Version', this.versions.provider);
    this.world.addProvider('AWS::Lambda::Url', this.urls.provider);
    this.world.addProvider('AWS::SSM::Parameter', parameterProvider(this.ssm));
    this.world.addProvider('AWS::Events::Rule', ruleProvider(this.events));
    this.world.addProvider('AWS::S3::Bucket', bucketProvider(this.s3));
    this.world.addProvider('AWS::SNS::Topic', topicProvider(this.sns));
    this.world.addProvider('AWS::StepFunctions::StateMachine', stateMachineProvider(this.states));
    this.world.addProvider('AWS::StepFunctions::StateMachineVersion', stateMachineVersionProvider(this.states));
  }

  private tell({ props, status, error, output, history }: Execution): void {
    const { arn, name, stateMachineName: machine } = props;
    const why = error === undefined ? '' : `: ${error}`;
    const data = { execution: arn, name, machine, status, ...(output === undefined ? {} : { output }) };
    const what = history.length === 0 ? 'ExecutionStarted' : 'ExecutionEnded';
    this.world.log.record('states', what, `${machine} ${name} is ${status}${why}`, data);
  }

  /** A call in the name of a role of the template. */
  private as(roleArn: string, call: { service: string; operation: string; input: Json }): Promise<Json> {
    const session = roleArn.split('/').at(-1) ?? 'role';
    return this.world.wire.call(call, { roleArn, session, policies: () => this.world.roles.policies(roleArn) });
  }

  // source: eventbridge-targets
  private async deliver(target: Target, input: Json): Promise<void> {
    const { Arn, RoleArn = '' } = target;
    try {
      if (Arn.includes(':function:')) await this.lambda.invoke('Invoke', { FunctionName: Arn, Payload: input });
      else if (Arn.includes(':stateMachine:')) {
        const start = { stateMachineArn: Arn, input: JSON.stringify(input) };
        await this.as(RoleArn, { service: 'states', operation: 'StartExecution', input: start });
      } else if (Arn.startsWith('arn:aws:sns:')) this.sns.invoke('Publish', { TopicArn: Arn, Message: input });
      else throw new Error(`a rule of the rehearsal cannot have ${Arn} as its target`);
    } catch (error) {
      if (!(error instanceof AwsError)) {
        // A fault of the world must stop the rehearsal, though nobody waits for a delivery.
        this.world.clock.after(0, () => {
          throw error;
        });
        return;
      }
      this.world.log.record('events', 'DeliveryFailed', `${target.Id}: ${error.code}: ${error.message}`);
    }
  }

  /** CloudWatch tells the bus of every change of an alarm. */
  // source: cloudwatch-alarm-event
  private publishAlarm({
    alarmName,
    from,
    to,
    reason,
  }: {
    alarmName: string;
    from: string;
    to: string;
    reason: string;
  }): void {
    const timestamp = new Date(this.world.clock.now()).toISOString().replace('Z', '+0000');
    this.events.publish({
      source: 'aws.cloudwatch',
      'detail-type': 'CloudWatch Alarm State Change',
      resources: [this.world.cloudwatch.alarmArn(alarmName)],
      detail: { alarmName, state: { value: to, reason, timestamp }, previousState: { value: from } },
    });
  }
}
