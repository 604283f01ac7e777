import {
  ArnFormat,
  Duration,
  aws_dynamodb as dynamodb,
  aws_iam as iam,
  aws_lambda as lambda,
  Names,
  RemovalPolicy,
  Stack,
  aws_sns as sns,
  Token,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { GateEvaluator } from '../bases/gate';
import { endpointArnOf, endpointArns } from '../endpoint/endpoint-base';
import type { ModelSource } from '../model/container-definition';
import { Problems } from '../private/problems';
import { readMetrics } from '../private/read-metrics';
import { allowAdoption } from './allow-adoption';
import { allowScaling } from './allow-scaling';
import { EngineFunction } from './engine-function';
import { drawMachines, type RolloutMachines } from './engine-machines';
import { drawTriggers } from './engine-triggers';

/** What the deployments of a platform share. */
export interface RolloutPlatformProps {
  /**
   * Name of the platform, unique in account and region: at most 40 letters, digits and hyphens.
   *
   * @default - made from the construct's path, and known at synth
   */
  readonly platformName?: string;
}

/**
 * What many model deployments share: the record, the state machines and functions of the engine, and the topic that
 * people listen to. A stack has one, found or created; several stacks of an app may share one that lies in a stack of its
 * own.
 *
 * @example
 * declare const onCall: sns.ITopicSubscription;
 *
 * const platform = new rollouts.RolloutPlatform(this, 'Platform');
 * platform.notifications.addSubscription(onCall);
 */
export class RolloutPlatform extends Construct {
  /** The one of the stack, made where there is none. */
  public static of(scope: Construct): RolloutPlatform {
    const stack = Stack.of(scope);
    const found = stack.node.findAll().find((node) => node instanceof RolloutPlatform);
    return (found as RolloutPlatform | undefined) ?? new RolloutPlatform(stack, 'RolloutPlatform');
  }

  /** Name of the platform. */
  public readonly platformName: string;
  /** Where every rollout and every verdict is written down. It outlives the stack. */
  public readonly record: dynamodb.Table;
  /** One message a transition, for people. */
  public readonly notifications: sns.Topic;

  private readonly functions: { readonly [job: string]: EngineFunction };
  private readonly machines: RolloutMachines;
  private readonly door: lambda.FunctionUrl;

  constructor(scope: Construct, id: string, props: RolloutPlatformProps = {}) {
    super(scope, id);
    this.platformName = props.platformName ?? Names.uniqueResourceName(this, { maxLength: 40, separator: '-' });
    const problems = new Problems('RolloutPlatform');
    problems.require(
      !Token.isUnresolved(this.platformName) && /^[A-Za-z][A-Za-z0-9-]{0,39}$/.test(this.platformName),
      'PlatformName',
      () =>
        `platformName must be 1 to 40 letters, digits and hyphens, a letter first, known at synth, got '${this.platformName}'`,
    );
    problems.throwIfAny(this);
    this.record = new dynamodb.Table(this, 'Record', {
      partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
      sortKey: { name: 'sk', type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.notifications = new sns.Topic(this, 'Notifications', { enforceSSL: true });
    this.functions = drawFunctions(this, this.record, this.notifications, this.platformName);
    this.machines = drawMachines(this, this.platformName, this.functions);
    for (const starter of ['Fence', 'Approve']) {
      this.functions[starter].handler.addEnvironment('ROLLOUT_MACHINE', this.machines.rolloutVersion.ref);
    }
    drawTriggers(this, this.machines);
    this.door = this.functions['Approve'].handler.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM });
  }

  /** Where people's decisions are heard. @internal */
  public get _doorUrl(): string {
    return this.door.url;
  }

  /** Lets somebody read the record, and say what they decide. @internal */
  public _grantOperate(grantee: iam.IGrantable): void {
    iam.Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:GetItem', 'dynamodb:Query'],
      resourceArns: [this.record.tableArn],
    });
    this.door.grantInvokeUrl(grantee);
  }

  /** The function that answers CloudFormation. @internal */
  public get _serviceToken(): string {
    return this.functions['Fence'].handler.functionArn;
  }

  /** What must be there before a deployment is handed over. @internal */
  public get _machines(): Construct[] {
    const { bake, rollback, rollout, rolloutVersion } = this.machines;
    return [bake, rollback, rollout, rolloutVersion];
  }

  /** Lets the engine work on one endpoint. @internal */
  public _manage(endpointName: string, { sources, adopts, autoScaled }: Managed): void {
    const stack = Stack.of(this);
    if (autoScaled) allowScaling(this.functions['ApplyTransition'], endpointName, this.record, this.machines.askers);
    const endpoints = endpointArns(endpointArnOf(this, endpointName));
    const configs = [
      stack.formatArn({
        service: 'sagemaker',
        resource: 'endpoint-config',
        resourceName: `${endpointName.slice(0, 30).toLowerCase()}*`,
      }),
      stack.formatArn({
        service: 'sagemaker',
        resource: 'endpoint-config',
        resourceName: `${endpointName.slice(0, 30)}*`,
      }),
    ];
    const alarms = [`arn:${stack.partition}:cloudwatch:${stack.region}:${stack.account}:alarm:${endpointName}-*`];
    const { ApplyTransition, LookAtPhase, Preflight, Fence, Approve, Judge, KeepRecord } = this.functions;
    // Creating and updating an endpoint asks for the config as well:
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
    ApplyTransition.allow(
      ['sagemaker:CreateEndpoint', 'sagemaker:UpdateEndpoint', 'sagemaker:AddTags'],
      [...endpoints, ...new Set(configs)],
    );
    ApplyTransition.allow(
      ['sagemaker:CreateEndpointConfig', 'sagemaker:DescribeEndpointConfig', 'sagemaker:DeleteEndpointConfig'],
      [...new Set(configs)],
    );
    ApplyTransition.allow(
      ['sagemaker:DescribeEndpoint', 'sagemaker:UpdateEndpointWeightsAndCapacities', 'sagemaker:DeleteEndpoint'],
      endpoints,
    );
    if (adopts) allowAdoption(ApplyTransition, [Fence, Approve]);
    const arns = (kind: ModelSource['kind']) => sources.filter((source) => source.kind === kind).map(({ arn }) => arn);
    if (arns('image').length > 0) Preflight.allow(['ecr:BatchGetImage'], arns('image'));
    if (arns('archive').length > 0) Preflight.allow(['s3:GetObject'], arns('archive'));
    for (const looker of [LookAtPhase, Preflight]) looker.allow(['sagemaker:DescribeEndpoint'], endpoints);
    for (const decider of [Fence, Approve]) {
      decider.allow(['sagemaker:DescribeEndpoint', 'sagemaker:ListTags'], endpoints);
    }
    for (const reader of [Judge, KeepRecord, Preflight]) reader.allow(['cloudwatch:DescribeAlarms'], alarms);
  }

  /** Lets whoever asks gates of a kind do what they need: users' functions are called by the bake machine itself. @internal */
  public _allow(evaluator: GateEvaluator, statement: iam.PolicyStatement): void {
    if (evaluator === GateEvaluator.FUNCTION) this.machines.askers.addToPrincipalPolicy(statement);
    else this.functions[ASKERS[evaluator]].handler.addToRolePolicy(statement);
  }
}

/** What the engine must be able to do for one endpoint. */
interface Managed {
  readonly sources: readonly ModelSource[];
  /** Whether it may be one that was there before. */
  readonly adopts: boolean;
  readonly autoScaled: boolean;
}

const ASKERS = { [GateEvaluator.JUDGE]: 'Judge', [GateEvaluator.JUDGE_DATA]: 'JudgeData' };

function drawFunctions(scope: Construct, record: dynamodb.Table, topic: sns.Topic, platformName: string) {
  const stack = Stack.of(scope);
  const machineArn = (name: string) =>
    stack.formatArn({
      service: 'states',
      resource: 'stateMachine',
      resourceName: `${platformName}-${name}`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  const table = { RECORD_TABLE: record.tableName };
  const machines = { ROLLBACK_MACHINE: machineArn('rollback') };
  const Judge = new EngineFunction(scope, 'Judge', {
    job: 'judge',
    description: 'Asks the metric gates and alarms of a stage, once a tick',
    environment: table,
  });
  const JudgeData = new EngineFunction(scope, 'JudgeData', {
    job: 'judge-data',
    description: 'Judges reports and captured traffic',
    environment: table,
    timeout: Duration.minutes(15),
    memorySize: 1769,
  });
  const functions = {
    Judge,
    JudgeData,
    LookAtPhase: new EngineFunction(scope, 'LookAtPhase', {
      job: 'look-at-phase',
      description: 'Looks at a phase, and says what the answers of its gates mean',
      environment: {
        ...table,
        JUDGE_FUNCTION: Judge.handler.currentVersion.functionArn,
        JUDGE_DATA_FUNCTION: JudgeData.handler.currentVersion.functionArn,
        NOTIFICATION_TOPIC: topic.topicArn,
      },
    }),
    Preflight: new EngineFunction(scope, 'Preflight', {
      job: 'preflight',
      description: 'Asks whether a rollout may begin: it reads, and touches nothing',
      environment: table,
    }),
    ApplyTransition: new EngineFunction(scope, 'ApplyTransition', {
      job: 'apply-transition',
      description: 'Brings an endpoint one step closer to what a rollout wants of it',
      environment: table,
    }),
    KeepRecord: new EngineFunction(scope, 'KeepRecord', {
      job: 'keep-record',
      description: 'Writes down what happens to a rollout, and who holds its endpoint',
      environment: { ...table, NOTIFICATION_TOPIC: topic.topicArn },
    }),
    Fence: new EngineFunction(scope, 'Fence', {
      job: 'fence',
      description: 'Decides what a deployment does before anything of it is touched',
      environment: { ...table, ...machines },
    }),
    Approve: new EngineFunction(scope, 'Approve', {
      job: 'approve',
      description: 'Hears what people decide, once IAM has verified who they are',
      environment: { ...table, ...machines, NOTIFICATION_TOPIC: topic.topicArn },
    }),
  };
  const read = ['dynamodb:GetItem', 'dynamodb:Query'];
  const write = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:Query'];
  functions.ApplyTransition.allow(read, [record.tableArn]);
  functions.Preflight.allow(['dynamodb:GetItem'], [record.tableArn]);
  functions.LookAtPhase.allow([...read, 'dynamodb:PutItem'], [record.tableArn]);
  for (const judge of [Judge, JudgeData]) judge.allow(['dynamodb:PutItem'], [record.tableArn]);
  const { KeepRecord, Fence, Approve, LookAtPhase } = functions;
  for (const writer of [KeepRecord, Fence, Approve]) writer.allow(write, [record.tableArn]);
  for (const teller of [KeepRecord, Approve, LookAtPhase]) teller.allow(['sns:Publish'], [topic.topicArn]);
  // A rollout keeps the gates that it began with, also where a later template has none that reads metrics.
  Judge.handler.addToRolePolicy(readMetrics());
  // Quotas have no ARN that a list of them could be limited to.
  Fence.allow(['servicequotas:ListServiceQuotas'], ['*']);
  // Deployments of any stack may share the platform: whether one of them goes back, only its stack tells.
  Fence.allow(['cloudformation:DescribeStacks'], [stack.formatArn({ service: 'cloudformation', resource: 'stack/*' })]);
  for (const starter of [Fence, Approve]) {
    starter.allow(['states:StartExecution'], [`${machineArn('rollout')}:*`, machineArn('rollback')]);
  }
  return functions;
}
