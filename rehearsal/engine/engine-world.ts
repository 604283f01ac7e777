import type { Stack, StackResult } from '../cloudformation/stack';
import type { StackArtifact } from '../cloudformation/template';
import { DELIVERIES } from '../event-delivery';
import { FurtherServices, type FurtherServicesOptions } from '../further-services';
import type { Knobs } from '../knobs';
import { DataCapture } from '../sagemaker/data-capture';
import type { Startup } from '../sagemaker/fleets';
import type { Fleet, Routing } from '../sagemaker/router';
import { SageMakerService } from '../sagemaker/service';
import type { Scenario, Side } from '../scenario';
import type { Clock } from '../time/clock';
import { behaviourAt } from '../traffic/behaviour-now';
import type { EndpointTraffic } from '../traffic/endpoint-traffic';
import type { Fleet as ServingFleet } from '../traffic/fleet';
import { Traffic } from '../traffic/traffic';
import { World } from '../world';
import { landmarks } from './landmarks';

/** What an engine is rehearsed under. */
export interface EngineWorldOptions extends Pick<FurtherServicesOptions, 'delivery' | 'faults' | 'onEvent'> {
  /** The stack that everything is deployed to; its template may change from deployment to deployment. */
  readonly stack: Pick<StackArtifact, 'name' | 'region' | 'account'>;
  readonly endpoint: string;
  readonly scenario: Scenario;
  readonly seed: number;
  readonly knobs: Knobs;
  /** How what is launched before the scenario begins comes up. @default 'healthy' */
  readonly firstStartup?: Startup;
  /** Called with the world before anything is deployed to it. @default - nobody looks */
  readonly onWorld?: (world: World) => void;
}

const MINUTE = 60_000;
/** Events take up to a minute to arrive; so long must it be quiet. */
const QUIET_MINUTES = 3;

/**
 * A world with a rollout engine in it: real handlers and state machines of a synthesized template, one endpoint, its
 * traffic. It can be deployed to again and again, as by `cdk deploy`.
 */
export class EngineWorld {
  public readonly world: World;
  public readonly further: FurtherServices;
  public traffic: EndpointTraffic | undefined;
  private readonly stack: Stack;
  private capture: DataCapture | undefined;
  private home: ReadonlySet<string> | undefined;
  private beganAt = Number.POSITIVE_INFINITY;

  constructor(private readonly options: EngineWorldOptions) {
    const { stack, endpoint, seed, knobs, delivery, faults, onEvent } = options;
    const { region, account } = stack;
    const startup = (fleet: Fleet) => this.startup(fleet);
    this.world = new World({ seed, knobs, region, account, startup });
    options.onWorld?.(this.world);
    const landmark = landmarks(this.world.log);
    this.further = new FurtherServices(this.world, {
      seed,
      region,
      account,
      delivery: delivery ?? DELIVERIES[knobs.eventDelivery],
      faults,
      onEvent: (execution, event) => {
        landmark(execution, event);
        onEvent?.(execution, event);
      },
    });
    for (const service of [new SageMakerService(this.world.sagemaker), this.world.cloudwatch, this.world.autoScaling]) {
      this.world.addService(faults?.around(service) ?? service);
    }
    for (const { at, content } of options.scenario.reports ?? []) {
      const [, bucket, key = at] = /^s3:\/\/([^/]+)\/(.+)$/.exec(at) ?? [];
      const body = typeof content === 'string' ? content : JSON.stringify(content);
      if (bucket === undefined) this.further.s3.putEverywhere(key, body);
      else this.further.s3.put(bucket, key, body);
    }
    this.stack = this.world.stack({ ...stack, template: { Resources: {} }, assets: new Map() });
    this.world.sagemaker.router.onChange((name, routing) => {
      if (name === endpoint) this.route(routing);
    });
  }

  public get clock(): Clock {
    return this.world.clock;
  }

  /** Moves time on until `work` is done. */
  public run<T>(work: Promise<T>): Promise<T> {
    return this.clock.run(work);
  }

  /** Whose side a fleet is on: the challenger is whatever has another variant than served when the scenario began. */
  public readonly sideOf = ({ variantName }: Fleet): Side =>
    this.home === undefined || this.home.has(variantName) ? 'champion' : 'challenger';

  /** Deploys a template, as `cdk deploy` does, and waits for CloudFormation, not for the rollout. */
  public deploy(artifact: StackArtifact): Promise<StackResult> {
    return this.world.deploy(this.stack, artifact);
  }

  /** Names what serves now the champion, and lets the scenario begin. */
  public beginScenario(): void {
    const { shares } = this.world.sagemaker.router.of(this.options.endpoint);
    this.home = new Set(shares.map(({ fleet }) => fleet.variantName));
    this.beganAt = this.clock.now();
    this.traffic?.beginScenario();
  }

  /** Waits until no execution runs and no event is on its way; false when that does not come in so many minutes. */
  public async quiet(limitMinutes: number): Promise<boolean> {
    let still = 0;
    for (let minute = 0; minute < limitMinutes; minute++) {
      await this.clock.sleep(MINUTE);
      still = this.further.states.started.some(({ running }) => running) ? 0 : still + 1;
      if (still >= QUIET_MINUTES) return true;
    }
    return false;
  }

  private startup(fleet: Fleet): Startup {
    const { scenario, firstStartup = 'healthy' } = this.options;
    const at = (this.clock.now() - this.beganAt) / 1000;
    return at >= 0 ? behaviourAt(scenario, at)[this.sideOf(fleet)].startup : firstStartup;
  }

  private route({ shares, mirror }: Routing): void {
    const { endpoint, scenario, seed, knobs } = this.options;
    this.capture ??= new DataCapture({
      seed,
      knobs,
      s3: this.further.s3,
      endpointName: endpoint,
      configOf: (EndpointConfigName) =>
        this.world.sagemaker.describeEndpointConfig({ EndpointConfigName }).DataCaptureConfig,
    });
    const { capture } = this;
    this.traffic ??= new Traffic({
      clock: this.clock,
      seed,
      store: this.world.store,
      scenario,
      endpointName: endpoint,
      endpointConfigMetrics: knobs.configMetrics,
      zeroTraffic: knobs.zeroTraffic,
      onSegment: (segment, { predictions }) => capture.note(segment, predictions),
    });
    const live = shares.map(({ fleet, percent }) => this.serving(fleet, percent, false));
    this.traffic.route(mirror === undefined ? live : [...live, this.serving(mirror.fleet, mirror.percent, true)]);
  }

  private serving(fleet: Fleet, percent: number, shadow: boolean): ServingFleet {
    const { variantName, endpointConfigName, instanceType, instances } = fleet;
    return {
      side: this.sideOf(fleet),
      variantName,
      endpointConfigName,
      instanceType,
      instances,
      share: percent / 100,
      shadow,
    };
  }
}
