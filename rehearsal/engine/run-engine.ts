import type { WorldEvent } from '../log';
import type { Run, RunOptions } from '../run-rehearsal';
import type { Side } from '../scenario';
import type { Json } from '../services';
import type { EngineWorld, EngineWorldOptions } from './engine-world';
import { emptyWorld, serveFirstVersion } from './first-version';
import { endingViolations, type RolloutFacts, rolloutViolations } from './invariants';
import { People } from './people';

/** The longest that a rollout may take: the machine's own time-out, and a day for the way back. */
const LONGEST_MINUTES = 61 * 24 * 60;

/** What the handover of a deployment says of its rollout: the endpoint, and the plan as data. */
export interface Handover {
  readonly Endpoint: string;
  readonly Plan: { readonly strategy: string; readonly phases: readonly Json[] };
}

/** The handover in a template; undefined when no engine owns its endpoint. */
export function handoverOf({ template }: RunOptions['challenger']): Handover | undefined {
  const found = Object.values(template.Resources).find(({ Type }) => Type === 'Custom::RolloutSpec');
  return found?.Properties as Handover | undefined;
}

/** What befalls a rollout beside its scenario. */
export interface Disturbances extends Pick<EngineWorldOptions, 'faults' | 'onEvent'> {
  /** Called when version 1 serves, and version 2 is about to be deployed. */
  readonly begins: () => void;
  /** Called with the engine when all is over, before anything is forgotten. */
  readonly ends: (engine: EngineWorld) => void;
}

/** Deploys version 1, lets it serve, deploys version 2, and watches its rollout to the end. */
export async function runEngine(options: RunOptions, handover: Handover, disturbed?: Disturbances): Promise<Run> {
  const { champion, challenger, scenario } = options;
  const { Endpoint: endpoint } = handover;
  const { faults, onEvent } = disturbed ?? {};
  const engine = emptyWorld(options, endpoint, { faults, onEvent });
  const { clock, world } = engine;
  const story = async (): Promise<Run> => {
    const { fleet, traffic } = await serveFirstVersion(engine, options, endpoint);
    const beganAt = clock.now();
    const from = world.log.events.length;
    const home = fleet.variantName;
    const facts: RolloutFacts = {
      endpoint,
      home,
      fullCount: fleet.instances,
      percents: handover.Plan.phases.map(percentOf),
    };
    const requestsBefore = traffic.truth('champion').requests;
    const people = new People({ engine, endpoint, champion, challenger, mayFail: faults !== undefined });
    disturbed?.begins();
    people.begin(scenario.people);
    const result = await engine.deploy(challenger);
    const quiet = await engine.quiet(LONGEST_MINUTES);
    traffic.stop();
    people.leave();
    disturbed?.ends(engine);
    const events = world.log.events.slice(from);
    const routing = world.sagemaker.router.of(endpoint);
    const sideOf = ({ variant }: { readonly variant: string }): Side => (variant === home ? 'champion' : 'challenger');
    const record = engine.further.dynamodb.tables.flatMap((table) => [...table.all]);
    const messages = engine.further.sns.published.map(({ subject }) => subject ?? '');
    const challengerPercent = routing.shares
      .filter(({ fleet }) => fleet.variantName !== home)
      .reduce((sum, { percent }) => sum + percent, 0);
    const refused = result.status !== 'UPDATE_COMPLETE';
    const ending = { challengerPercent, record, endpoint, messages, since: beganAt, refused };
    return {
      options,
      endpoint,
      sideOf,
      beganAt,
      endedAt: lastEnd(events) ?? clock.now(),
      result,
      events: world.log.events,
      routing,
      truth: { champion: traffic.truth('champion'), challenger: traffic.truth('challenger') },
      requestsBefore,
      minutes: traffic.minutes,
      rollout: {
        strategy: handover.Plan.strategy,
        ...written(record, endpoint, beganAt, result.reason),
        violations: [
          ...rolloutViolations(events, facts),
          ...endingViolations(ending),
          ...people.violations,
          ...(quiet ? [] : ['the rollout did not come to an end']),
        ],
      },
    };
  };
  return clock.run(story());
}

const percentOf = (phase: Json): number =>
  phase.kind === 'watch' ? 100 - Number(phase.holdbackPercent) : Number(phase.percent ?? 0);

const lastEnd = (events: readonly WorldEvent[]): number | undefined =>
  events.filter(({ event }) => event === 'ExecutionEnded').at(-1)?.at;

/** What the record says of the rollout that began with the deployment; `failed` when it never came to be one. */
function written(record: readonly Json[], endpoint: string, since: number, refusal: string | undefined) {
  const item = record.find(
    ({ pk, sk, startedAt }) =>
      pk?.S === `ENDPOINT#${endpoint}` && sk?.S.startsWith('ROLLOUT#') && Date.parse(startedAt?.S) >= since,
  );
  const none = refusal === undefined ? 'no rollout was started' : `no rollout was started: ${refusal}`;
  return { outcome: item?.outcome?.S ?? 'failed', reason: item?.reason?.S ?? none };
}
