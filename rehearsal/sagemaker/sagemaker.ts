import type { Knobs } from '../knobs';
import type { WorldLog } from '../log';
import { seconds } from '../services/service';
import type { Clock } from '../time/clock';
import { type RandomStream, randomStream } from '../time/random';
import type { AlarmReader } from './alarm-watch';
import { checkAlarms, checkDeploymentConfig, checkScaling } from './check-update';
import { deployedImages, type ImageResolution, type ModelDefinition } from './deployed-images';
import { describeEndpoint, type EndpointDescription, type EndpointEvent, endpointEvent } from './describe';
import { type Endpoint, type EndpointConfig, type Generation, mirrorOf, sharesOf } from './endpoint';
import { sagemakerErrors } from './errors';
import { Fleets, type Startup } from './fleets';
import { makeGeneration, type Retained } from './generation';
import { type GuardrailPorts, GuardrailUpdate } from './guardrail';
import type { DeploymentConfig } from './guardrail-steps';
import { type Fleet, Router } from './router';
import { ScalableTargets } from './scalable-targets';
import { ResourceTags, type Tag } from './tags';
import { checkWeights, type DesiredWeightAndCapacity, updateWeights } from './weights-update';

/** What the embedded SageMaker needs from its world. */
export interface SageMakerOptions extends ImageResolution {
  readonly clock: Clock;
  readonly log: WorldLog;
  readonly knobs: Knobs;
  readonly seed: number;
  readonly alarms: AlarmReader;
  readonly startup: (fleet: Fleet) => Startup;
  readonly region?: string;
  readonly account?: string;
  readonly onEvent?: (event: EndpointEvent) => void;
}

interface UpdateEndpointInput {
  readonly EndpointName: string;
  readonly EndpointConfigName: string;
  readonly DeploymentConfig?: DeploymentConfig;
  readonly RetainAllVariantProperties?: boolean;
  readonly RetainDeploymentConfig?: boolean;
  readonly ExcludeRetainedVariantProperties?: readonly { readonly VariantPropertyType: string }[];
}

/** Models, endpoint configs and endpoints of one account, with the API's own names and errors. */
export class SageMaker {
  public readonly router: Router;
  public readonly tags = new ResourceTags();
  public readonly scaled = new ScalableTargets();
  private readonly models = new Map<string, ModelDefinition>();
  private readonly configs = new Map<string, EndpointConfig & { readonly CreationTime: number }>();
  private readonly endpoints = new Map<string, Endpoint>();
  private readonly replies = new Map<string, { readonly at: number; readonly reply: EndpointDescription }[]>();
  private readonly fleets: Fleets;
  private readonly random: RandomStream;
  private events = 0;

  constructor(private readonly options: SageMakerOptions) {
    this.router = new Router(options.log);
    this.random = randomStream(options.seed, 'sagemaker-start');
    this.fleets = new Fleets(options.clock, options.log, this.router, this.random, options.startup);
  }

  public arn(kind: 'model' | 'endpoint-config' | 'endpoint', name: string): string {
    const { region = 'us-east-1', account = '123456789012' } = this.options;
    return `arn:aws:sagemaker:${region}:${account}:${kind}/${name.toLowerCase()}`;
  }

  public createModel({ ModelName: name, ...rest }: { readonly ModelName: string } & ModelDefinition) {
    if (this.models.has(name)) throw sagemakerErrors.modelExists(this.arn('model', name));
    this.models.set(name, rest);
    return { ModelArn: this.arn('model', name) };
  }

  public deleteModel({ ModelName: name }: { readonly ModelName: string }) {
    if (!this.models.delete(name)) throw sagemakerErrors.noModel(this.arn('model', name));
    this.record('ModelDeleted', name, { model: name });
    return {};
  }

  // source: shadow-limits
  public createEndpointConfig({ Tags = [], ...config }: EndpointConfig & { readonly Tags?: readonly Tag[] }) {
    const arn = this.arn('endpoint-config', config.EndpointConfigName);
    if (this.configs.has(config.EndpointConfigName)) throw sagemakerErrors.configExists(arn);
    const shadows = config.ShadowProductionVariants ?? [];
    if (shadows.length > 0 && (shadows.length > 1 || config.ProductionVariants.length > 1)) {
      throw sagemakerErrors.invalid(
        'with ShadowProductionVariants there must be one production and one shadow variant',
      );
    }
    for (const variant of [...config.ProductionVariants, ...shadows]) {
      if (!this.models.has(variant.ModelName)) throw sagemakerErrors.noModel(this.arn('model', variant.ModelName));
      if (variant.InstanceType === undefined) throw new Error('only variants on instances are rehearsed');
    }
    this.configs.set(config.EndpointConfigName, { ...config, CreationTime: seconds(this.options.clock.now()) });
    this.tags.add(arn, Tags);
    return { EndpointConfigArn: arn };
  }

  public describeEndpointConfig({ EndpointConfigName: name }: { readonly EndpointConfigName: string }) {
    return { ...this.config(name), EndpointConfigArn: this.arn('endpoint-config', name) };
  }

  public deleteEndpointConfig({ EndpointConfigName: name }: { readonly EndpointConfigName: string }) {
    this.config(name);
    this.configs.delete(name);
    this.tags.forget(this.arn('endpoint-config', name));
    this.record('EndpointConfigDeleted', name, { config: name });
    return {};
  }

  // source: create-endpoint
  public createEndpoint(input: {
    readonly EndpointName: string;
    readonly EndpointConfigName: string;
    readonly DeploymentConfig?: DeploymentConfig;
    readonly Tags?: readonly Tag[];
  }) {
    const arn = this.arn('endpoint', input.EndpointName);
    if (this.endpoints.has(input.EndpointName)) throw sagemakerErrors.endpointExists(arn);
    const now = this.options.clock.now();
    const endpoint: Endpoint = {
      name: input.EndpointName,
      arn,
      createdAt: now,
      modifiedAt: now,
      status: 'Creating',
      live: this.generation(input.EndpointName, this.config(input.EndpointConfigName)),
      pending: undefined,
      leftover: undefined,
      failureReason: undefined,
      lastDeploymentConfig: input.DeploymentConfig,
    };
    this.endpoints.set(input.EndpointName, endpoint);
    this.tags.add(arn, input.Tags ?? []);
    this.changed(endpoint);
    this.background(this.start(endpoint));
    return { EndpointArn: arn };
  }

  // source: update-endpoint
  public updateEndpoint(input: UpdateEndpointInput) {
    const { knobs, alarms } = this.options;
    const endpoint = this.endpoint(input.EndpointName);
    const target = this.config(input.EndpointConfigName);
    if (endpoint.status === 'Failed') throw sagemakerErrors.invalid(`Cannot update failed endpoint "${endpoint.arn}".`);
    if (endpoint.status !== 'InService' && endpoint.status !== 'UpdateRollbackFailed') {
      throw sagemakerErrors.inProgress(endpoint.arn);
    }
    const current = endpoint.live.config;
    this.config(current.EndpointConfigName);
    const config = (input.RetainDeploymentConfig ? endpoint.lastDeploymentConfig : input.DeploymentConfig) ?? {};
    checkDeploymentConfig(config, target, current);
    checkAlarms(config, alarms, knobs);
    checkScaling(this.scaled.of(endpoint.name), target, current);
    const served = current.EndpointConfigName === input.EndpointConfigName && endpoint.leftover === undefined;
    if (served && knobs.updateToServedConfig === 'refused') {
      throw sagemakerErrors.invalid(`endpoint "${endpoint.arn}" uses this endpoint configuration already`);
    }
    if (served && knobs.updateToServedConfig === 'noOp') return { EndpointArn: endpoint.arn };
    const except = (input.ExcludeRetainedVariantProperties ?? []).map(({ VariantPropertyType }) => VariantPropertyType);
    const retained = input.RetainAllVariantProperties === true ? { endpoint, except } : undefined;
    const green = this.generation(endpoint.name, target, retained);
    this.record('UpdateStarted', `${endpoint.name} to ${input.EndpointConfigName}`, {
      endpoint: endpoint.name,
      config: input.EndpointConfigName,
      alarms: (config.AutoRollbackConfiguration?.Alarms ?? []).map(({ AlarmName }) => AlarmName),
    });
    this.background(new GuardrailUpdate(this.ports, endpoint, green, config).run());
    return { EndpointArn: endpoint.arn };
  }

  // source: weights-api
  public updateEndpointWeightsAndCapacities(input: {
    readonly EndpointName: string;
    readonly DesiredWeightsAndCapacities: readonly DesiredWeightAndCapacity[];
  }) {
    const endpoint = this.endpoint(input.EndpointName);
    checkWeights(endpoint, input.DesiredWeightsAndCapacities);
    this.background(updateWeights(this.ports, endpoint, input.DesiredWeightsAndCapacities));
    return { EndpointArn: endpoint.arn };
  }

  // source: describe-stale
  public describeEndpoint({ EndpointName: name }: { readonly EndpointName: string }): EndpointDescription {
    const endpoint = this.endpoint(name);
    const seen = this.options.clock.now() - 1000 * this.options.knobs.describeStaleSeconds;
    const stale = this.replies
      .get(name)
      ?.filter(({ at }) => at <= seen)
      .at(-1);
    return stale === undefined || this.options.knobs.describeStaleSeconds === 0
      ? describeEndpoint(endpoint)
      : stale.reply;
  }

  // source: delete-endpoint
  public deleteEndpoint({ EndpointName: name }: { readonly EndpointName: string }) {
    const endpoint = this.endpoint(name);
    if (endpoint.status !== 'InService' && endpoint.status !== 'Failed' && endpoint.status !== 'UpdateRollbackFailed') {
      throw sagemakerErrors.inProgress(endpoint.arn);
    }
    this.router.route(name, []);
    const all = [...endpoint.live.fleets, ...(endpoint.leftover?.generation.fleets ?? [])];
    for (const fleet of all) if (fleet.instances > 0) this.fleets.shrink(fleet, 0);
    this.endpoints.delete(name);
    this.tags.forget(endpoint.arn);
    this.record('EndpointDeleted', name, { endpoint: name });
    return {};
  }

  /** Instances that a variant is to have; undefined while its endpoint is busy, and for a variant that is not there. */
  public wantedOf(endpointName: string, variantName: string): number | undefined {
    const endpoint = this.endpoints.get(endpointName);
    if (endpoint?.status !== 'InService') return undefined;
    const i = endpoint.live.fleets.findIndex((fleet) => fleet.variantName === variantName);
    return endpoint.live.wanted[i];
  }

  private async start(endpoint: Endpoint): Promise<void> {
    const { live } = endpoint;
    const launches = live.fleets.map((fleet, i) =>
      this.fleets.launch(
        fleet,
        live.wanted[i],
        live.config.ProductionVariants[i].ContainerStartupHealthCheckTimeoutInSeconds,
      ),
    );
    if (live.shadow !== undefined) {
      launches.push(
        this.fleets.launch(live.shadow, live.config.ShadowProductionVariants?.[0]?.InitialInstanceCount ?? 1),
      );
    }
    const launched = await Promise.all(launches);
    const good = launched.every((how) => how === 'up');
    endpoint.status = good ? 'InService' : 'Failed';
    if (good) this.router.route(endpoint.name, sharesOf(live, undefined, 0), mirrorOf(live));
    else endpoint.failureReason = launched.includes('crashes') ? HEALTH_CHECK_FAILED : NO_CAPACITY;
    this.record(good ? 'EndpointInService' : 'EndpointFailed', `${endpoint.name} is ${endpoint.status}`, {
      endpoint: endpoint.name,
      config: live.config.EndpointConfigName,
    });
    this.changed(endpoint);
  }

  private generation(endpointName: string, config: EndpointConfig, retained?: Retained): Generation {
    for (const { ModelName } of config.ProductionVariants) {
      if (!this.models.has(ModelName)) throw sagemakerErrors.noModel(this.arn('model', ModelName));
    }
    const images = deployedImages(config, this.models, this.options);
    return makeGeneration(this.fleets, endpointName, config, this.scaled.of(endpointName), images, retained);
  }

  private readonly changed = (endpoint: Endpoint): void => {
    const { clock, knobs, log, onEvent } = this.options;
    endpoint.modifiedAt = clock.now();
    if (knobs.describeStaleSeconds > 0) {
      const replies = this.replies.get(endpoint.name) ?? [];
      replies.push({ at: clock.now(), reply: describeEndpoint(endpoint) });
      this.replies.set(endpoint.name, replies);
    }
    const event = endpointEvent(endpoint, clock.now(), ++this.events);
    log.record('eventbridge', 'EndpointEvent', `${event['detail-type']}: ${event.detail.EndpointStatus}`, { event });
    onEvent?.(event);
  };

  private get ports(): GuardrailPorts {
    const { clock, log, knobs, alarms } = this.options;
    return { clock, log, knobs, alarms, fleets: this.fleets, router: this.router, changed: this.changed };
  }

  /** Work that nobody awaits; an error in it is a defect of the world. */
  private background(work: Promise<void>): void {
    work.catch((error: unknown) => this.options.clock.fail(error));
  }

  private endpoint(name: string): Endpoint {
    const endpoint = this.endpoints.get(name);
    if (endpoint === undefined) throw sagemakerErrors.noEndpoint(this.arn('endpoint', name));
    return endpoint;
  }

  private config(name: string): EndpointConfig & { readonly CreationTime: number } {
    const config = this.configs.get(name);
    if (config === undefined) throw sagemakerErrors.noConfig(this.arn('endpoint-config', name));
    return config;
  }

  private record(event: string, detail: string, data: Readonly<Record<string, unknown>>): void {
    this.options.log.record('sagemaker', event, detail, data);
  }
}

// source: failure-reason
const HEALTH_CHECK_FAILED = 'The primary container did not pass the ping health check.';
// source: failure-reason
const NO_CAPACITY = 'Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error.';
