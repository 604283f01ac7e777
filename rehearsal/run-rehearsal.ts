import { modelsFromElsewhere } from './champion';
import type { StackResult } from './cloudformation/stack';
import type { StackArtifact } from './cloudformation/template';
import { handoverOf, runEngine } from './engine/run-engine';
import { DELIVERIES } from './event-delivery';
import { FurtherServices } from './further-services';
import type { Knobs } from './knobs';
import type { WorldEvent } from './log';
import type { Startup } from './sagemaker/fleets';
import type { Fleet, Routing } from './sagemaker/router';
import type { OutcomeKind, Scenario, Side } from './scenario';
import { randomStream } from './time/random';
import { behaviourAt } from './traffic/behaviour-now';
import type { EndpointTraffic } from './traffic/endpoint-traffic';
import type { Fleet as ServingFleet } from './traffic/fleet';
import type { MinuteTruth, SideTruth } from './traffic/ground-truth';
import { Traffic } from './traffic/traffic';
import { World } from './world';

/** One rehearsal: which templates, which story, which world. */
export interface RunOptions {
  readonly champion: StackArtifact;
  readonly challenger: StackArtifact;
  readonly scenario: Scenario;
  readonly seed: number;
  readonly knobs: Knobs;
}

/** Everything that a run leaves behind. */
export interface Run {
  readonly options: RunOptions;
  readonly endpoint: string;
  /** Whose a share of the router is. */
  readonly sideOf: (share: { readonly config: string; readonly variant: string }) => Side;
  /** When the second deployment began, and when it was over, milliseconds since 1970. */
  readonly beganAt: number;
  readonly endedAt: number;
  readonly result: StackResult;
  /** Events of the whole run, both deployments. */
  readonly events: readonly WorldEvent[];
  readonly routing: Routing;
  readonly truth: Readonly<Record<Side, SideTruth>>;
  /** What the champion had answered when the second deployment began. */
  readonly requestsBefore: number;
  readonly minutes: readonly MinuteTruth[];
  /** What an engine has made of it; undefined where CloudFormation owns the endpoint. */
  readonly rollout?: {
    readonly strategy: string;
    readonly outcome: OutcomeKind;
    readonly reason: string;
    readonly violations: readonly string[];
  };
}

/** Minutes the champion serves before the second deployment begins, so that its alarms have seen it. */
const WARM_UP_MINUTES = 15;
/** Minutes after the second deployment, to see what serves then. */
const AFTERWARDS_MINUTES = 10;

/** Deploys version 1, lets it serve, deploys version 2 as a second `cdk deploy` would, and watches what comes of it. */
export async function runRehearsal(options: RunOptions): Promise<Run> {
  const { champion, challenger, scenario, seed, knobs } = options;
  const handover = handoverOf(challenger);
  if (handover !== undefined) return runEngine(options, handover);
  let beganAt: number | undefined;
  let championConfig: string | undefined;
  const sideOf = ({ endpointConfigName: config }: Fleet): Side =>
    championConfig === undefined || config === championConfig ? 'champion' : 'challenger';
  const startup = (fleet: Fleet): Startup =>
    beganAt === undefined
      ? 'healthy'
      : behaviourAt(scenario, (world.clock.now() - beganAt) / 1000)[sideOf(fleet)].startup;

  const { region, account } = challenger;
  const world = new World({ seed, knobs, region, account, startup });
  const { clock, sagemaker } = world;
  new FurtherServices(world, { seed, region, account, delivery: DELIVERIES[knobs.eventDelivery] });
  const endpoint = endpointOf(challenger);
  for (const model of new Set([champion, challenger].flatMap(modelsFromElsewhere))) {
    sagemaker.createModel({ ModelName: model });
  }

  let traffic: EndpointTraffic | undefined;
  sagemaker.router.onChange((name, routing) => {
    if (name !== endpoint) return;
    traffic ??= new Traffic({
      clock,
      seed,
      store: world.store,
      scenario,
      endpointName: endpoint,
      endpointConfigMetrics: knobs.configMetrics,
      zeroTraffic: knobs.zeroTraffic,
    });
    traffic.route(servingFleets(routing, sideOf));
  });

  const stack = world.stack(challenger);
  const story = async (): Promise<Run> => {
    const first = await world.deploy(stack, champion);
    if (first.status !== 'CREATE_COMPLETE' || traffic === undefined) {
      throw new Error(
        `version 1 must deploy before a version 2 can be rehearsed: ${first.reason ?? 'nothing serves'} [NoChampion]`,
      );
    }
    const phase = randomStream(seed, 'phase')();
    await clock.sleep(Math.round(60_000 * (WARM_UP_MINUTES + phase)));
    championConfig = sagemaker.describeEndpoint({ EndpointName: endpoint }).EndpointConfigName;
    beganAt = clock.now();
    traffic.beginScenario();
    const requestsBefore = traffic.truth('champion').requests;
    const result = await world.deploy(stack, challenger);
    const endedAt = clock.now();
    await clock.sleep(60_000 * AFTERWARDS_MINUTES);
    traffic.stop();
    return {
      options,
      endpoint,
      sideOf: ({ config }) => (config === championConfig ? 'champion' : 'challenger'),
      beganAt,
      endedAt,
      result,
      events: world.log.events,
      routing: sagemaker.router.of(endpoint),
      truth: { champion: traffic.truth('champion'), challenger: traffic.truth('challenger') },
      requestsBefore,
      minutes: traffic.minutes,
    };
  };
  return clock.run(story());
}

/** The name of the one endpoint in a template: it must be known before anything is deployed. */
export function endpointOf({ name, template }: StackArtifact): string {
  const endpoints = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::SageMaker::Endpoint');
  const endpointName: unknown = endpoints[0]?.Properties?.['EndpointName'];
  if (endpoints.length !== 1 || typeof endpointName !== 'string') {
    const got = endpoints.length === 1 ? 'one without a literal EndpointName' : `${endpoints.length} of them`;
    throw new Error(`stack ${name} must have one AWS::SageMaker::Endpoint with a name, got ${got} [OneEndpoint]`);
  }
  return endpointName;
}

function servingFleets({ shares, mirror }: Routing, sideOf: (fleet: Fleet) => Side): ServingFleet[] {
  const serving = (fleet: Fleet, percent: number, shadow: boolean): ServingFleet => ({
    side: sideOf(fleet),
    variantName: fleet.variantName,
    endpointConfigName: fleet.endpointConfigName,
    instanceType: fleet.instanceType,
    instances: fleet.instances,
    share: percent / 100,
    shadow,
  });
  const live = shares.map(({ fleet, percent }) => serving(fleet, percent, false));
  return mirror === undefined ? live : [...live, serving(mirror.fleet, mirror.percent, true)];
}
