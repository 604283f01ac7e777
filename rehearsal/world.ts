import { tolerant } from './cloudformation/providers/bystander';
import { alarmProvider } from './cloudformation/providers/cloudwatch';
import { CustomResourceProvider, RESPONSE_HOST } from './cloudformation/providers/custom-resource';
import { policyProvider, Roles, roleProvider } from './cloudformation/providers/iam';
import { Functions, functionProvider } from './cloudformation/providers/lambda';
import { PASSIVE_TYPES, passiveProvider } from './cloudformation/providers/passive';
import { EndpointProvider, endpointConfigProvider, modelProvider } from './cloudformation/providers/sagemaker';
import { scalableTargetProvider, scalingPolicyProvider } from './cloudformation/providers/scaling';
import type { ResourceProvider } from './cloudformation/resource-provider';
import { isCustom } from './cloudformation/resource-types';
import { Stack, type StackPorts, type StackResult } from './cloudformation/stack';
import { CloudFormation } from './cloudformation/stacks';
import type { StackArtifact } from './cloudformation/template';
import { CloudWatch } from './cloudwatch/cloudwatch';
import { MetricStore } from './cloudwatch/metric-store';
import type { Knobs } from './knobs';
import { awsJson } from './lambda/aws-json';
import { AwsWire } from './lambda/aws-wire';
import { WorldLog } from './log';
import type { EndpointEvent } from './sagemaker/describe';
import type { Startup } from './sagemaker/fleets';
import type { Fleet } from './sagemaker/router';
import { SageMaker } from './sagemaker/sagemaker';
import { SageMakerService } from './sagemaker/service';
import { ApplicationAutoScaling } from './services/application-auto-scaling';
import { Ecr } from './services/ecr';
import type { AwsService, Json } from './services/service';
import { Clock } from './time/clock';
import { randomStream } from './time/random';
import { variantsOf } from './variants';

/** What a world is made for. */
export interface WorldOptions {
  readonly seed: number;
  readonly knobs: Knobs;
  readonly region: string;
  readonly account: string;
  /** How the instances of a fleet start. */
  readonly startup: (fleet: Fleet) => Startup;
}

/** One AWS account and region in virtual time. Further services and resource types are added to it by name. */
export class World {
  public readonly clock = new Clock();
  public readonly log = new WorldLog(this.clock);
  public readonly store: MetricStore;
  public readonly cloudwatch: CloudWatch;
  public readonly ecr: Ecr;
  public readonly sagemaker: SageMaker;
  public readonly autoScaling: ApplicationAutoScaling;
  public readonly wire: AwsWire;
  public readonly roles = new Roles();
  public readonly functions = new Functions();
  private readonly needed = new Map<string, { readonly stack: Stack; readonly deployed: string }>();
  private readonly exports = new Map<string, Json>();
  private readonly providers = new Map<string, ResourceProvider>();
  private readonly cloudformation = new CloudFormation();
  private readonly custom: CustomResourceProvider;
  private readonly endpointListeners: ((event: EndpointEvent) => void)[] = [];
  private assets: ReadonlyMap<string, string> = new Map();

  constructor(private readonly options: WorldOptions) {
    const { clock, log, roles, functions } = this;
    const { seed, knobs, region, account } = options;
    const random = (concern: string) => randomStream(seed, concern);
    this.store = new MetricStore({ publishLagSeconds: knobs.metricLagSeconds });
    this.cloudwatch = new CloudWatch({ clock, store: this.store, seed, region, accountId: account });
    this.ecr = new Ecr(region, account);
    this.sagemaker = new SageMaker({
      ...options,
      resolveImage: (image) => this.ecr.resolve(image),
      clock,
      log,
      alarms: this.cloudwatch,
      onEvent: (event) => {
        for (const listener of this.endpointListeners) listener(event);
      },
    });
    const scalers = `arn:aws:application-autoscaling:${region}:${account}`;
    this.autoScaling = new ApplicationAutoScaling(clock, log, scalers, variantsOf(this));
    this.wire = new AwsWire(log, random('aws-latency'));
    this.wire.addProtocol(awsJson);
    this.addService(new SageMakerService(this.sagemaker));
    this.addService(this.cloudwatch);
    this.addService(this.ecr);
    this.addService(this.autoScaling);
    this.addService(this.cloudformation);
    this.custom = new CustomResourceProvider(clock, functions);
    this.wire.addHost(RESPONSE_HOST, this.custom.bucket);
    this.cloudwatch.onTransition(({ alarmName, from, to, reason }) => {
      log.record('cloudwatch', 'AlarmStateChanged', `${alarmName}: ${from} to ${to}. ${reason}`, {
        alarm: alarmName,
        from,
        to,
      });
    });
    for (const type of PASSIVE_TYPES) this.addProvider(type, passiveProvider);
    this.addProvider('AWS::SageMaker::Model', modelProvider(this.sagemaker));
    this.addProvider('AWS::SageMaker::EndpointConfig', endpointConfigProvider(this.sagemaker));
    this.addProvider('AWS::SageMaker::Endpoint', new EndpointProvider(this.sagemaker, clock, knobs));
    this.addProvider('AWS::CloudWatch::Alarm', alarmProvider('metric', this.cloudwatch, log));
    this.addProvider('AWS::CloudWatch::CompositeAlarm', alarmProvider('composite', this.cloudwatch, log));
    this.addProvider('AWS::IAM::Role', roleProvider(roles));
    this.addProvider('AWS::IAM::Policy', policyProvider(roles));
    this.addProvider('AWS::IAM::ManagedPolicy', policyProvider(roles));
    this.addProvider('AWS::ApplicationAutoScaling::ScalableTarget', scalableTargetProvider(this.autoScaling));
    this.addProvider('AWS::ApplicationAutoScaling::ScalingPolicy', scalingPolicyProvider(this.autoScaling));
    const asset = (hash: string) => this.assets.get(hash);
    const ports = { clock, log, wire: this.wire, roles, random: (id: string) => random(`lambda/${id}`), asset };
    this.addProvider('AWS::Lambda::Function', functionProvider(functions, ports));
  }

  /** Called with every event that SageMaker puts on the bus. */
  public onEndpointEvent(listener: (event: EndpointEvent) => void): void {
    this.endpointListeners.push(listener);
  }

  /** Makes a service answer SDK calls. */
  public addService(service: AwsService): void {
    this.wire.addService(service);
  }

  /** Makes a resource type known. */
  public addProvider(type: string, provider: ResourceProvider): void {
    this.providers.set(type, provider);
  }

  /** An empty stack, to deploy templates of this artifact's name to; it refuses types that are not rehearsed. */
  public stack(artifact: StackArtifact): Stack {
    return this.newStack(artifact, (type) => (isCustom(type) ? this.custom : this.providers.get(type)));
  }

  /**
   * Deploys an artifact to its stack as `cdk deploy` does: what it waits for goes first.
   *
   * @throws Error where one of those does not deploy
   */
  public async deploy(stack: Stack, artifact: StackArtifact): Promise<StackResult> {
    await this.deployNeeds(artifact);
    this.useAssets(artifact.assets);
    return stack.deploy(artifact.template);
  }

  private async deployNeeds({ needs = [] }: StackArtifact): Promise<void> {
    for (const artifact of needs) {
      const text = JSON.stringify(artifact.template);
      const { stack = this.neededStack(artifact), deployed } = this.needed.get(artifact.name) ?? {};
      if (text === deployed) continue;
      this.needed.set(artifact.name, { stack, deployed: text });
      const { status, reason } = await this.deploy(stack, artifact);
      if (reason === undefined) continue;
      throw new Error(`stack ${artifact.name} must deploy first, got ${status}: ${reason} [NeedFailed]`);
    }
  }

  /** What its custom resources do is nobody's business here, and what is not known stands by. */
  private neededStack(artifact: StackArtifact): Stack {
    const providers = new Map<string, ResourceProvider>();
    return this.newStack(artifact, (type) => {
      const found = providers.get(type) ?? tolerant(this.providers.get(type));
      providers.set(type, found);
      return found;
    });
  }

  private newStack({ name, region, account }: StackArtifact, provider: StackPorts['provider']): Stack {
    const random = randomStream(this.options.seed, `cloudformation/${name}`);
    const { clock, log, exports } = this;
    const stack = new Stack({ clock, log, random, provider, exports }, { name, region, account });
    this.cloudformation.add(stack);
    return stack;
  }

  /** Where the code of functions that are deployed from now on lies. */
  public useAssets(assets: ReadonlyMap<string, string>): void {
    this.assets = assets;
  }
}
