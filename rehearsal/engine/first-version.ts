import { allowed, modelsFromElsewhere } from '../champion';
import type { RunOptions } from '../run-rehearsal';
import type { Fleet } from '../sagemaker/router';
import { randomStream } from '../time/random';
import type { EndpointTraffic } from '../traffic/endpoint-traffic';
import { EngineWorld, type EngineWorldOptions } from './engine-world';

const MINUTE = 60_000;
/** Minutes the champion serves before the second deployment begins, so that its alarms have seen it. */
const WARM_UP_MINUTES = 15;
/** A first version is up, or not, within these. */
const CREATE_MINUTES = 180;

/** A world for a rehearsal, with nothing deployed to it; models that no template makes are there already. */
export function emptyWorld(
  { champion, challenger, scenario, seed, knobs }: RunOptions,
  endpoint: string,
  disturbed: Pick<EngineWorldOptions, 'faults' | 'onEvent'> = {},
): EngineWorld {
  const engine = new EngineWorld({ stack: challenger, endpoint, scenario, seed, knobs, ...disturbed });
  for (const ModelName of new Set([champion, challenger].flatMap(modelsFromElsewhere))) {
    engine.world.sagemaker.createModel({ ModelName });
  }
  return engine;
}

/** What serves when the scenario begins. */
export interface FirstVersion {
  readonly fleet: Fleet;
  readonly traffic: EndpointTraffic;
}

/**
 * Deploys version 1, lets it serve, and begins the scenario.
 *
 * @throws Error where version 1 does not come to serve
 */
export async function serveFirstVersion(
  engine: EngineWorld,
  { champion, seed }: Pick<RunOptions, 'champion' | 'seed'>,
  endpoint: string,
): Promise<FirstVersion> {
  const first = await engine.deploy(allowed(champion));
  const rested = first.status === 'CREATE_COMPLETE' && (await engine.quiet(CREATE_MINUTES));
  const { traffic } = engine;
  const [live] = engine.world.sagemaker.router.of(endpoint).shares;
  if (!rested || traffic === undefined || live === undefined) {
    throw new Error(
      `version 1 must deploy before a version 2 can be rehearsed: ${first.reason ?? 'nothing serves'} [NoChampion]`,
    );
  }
  await engine.clock.sleep(Math.round(MINUTE * (WARM_UP_MINUTES + randomStream(seed, 'phase')())));
  engine.beginScenario();
  return { fleet: live.fleet, traffic };
}
