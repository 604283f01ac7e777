import type { StackResult } from '../../../rehearsal/cloudformation/stack';
import type { StackArtifact } from '../../../rehearsal/cloudformation/template';
import type { EngineWorld } from '../../../rehearsal/engine/engine-world';
import { endingViolations, rolloutViolations } from '../../../rehearsal/engine/invariants';
import { violations } from '../../../rehearsal/invariants';
import type { Json } from '../../../rehearsal/services';
import { watchCalls } from '../sdk-shapes';
import { ENDPOINT } from './deployment';

/** Whatever an engine asks of AWS, and is answered, must be as AWS's SDK has it. */
export const calls = watchCalls();

/** What came of a rollout, in the words a test compares. */
export interface Ended {
  readonly deployed: StackResult;
  readonly quiet: boolean;
  readonly outcome: string;
  readonly reason: string;
  /** The challenger's share in the end. */
  readonly percent: number;
  readonly violations: readonly string[];
}

/** Every item of the record. */
export function recordOf({ further }: EngineWorld): Json[] {
  return further.dynamodb.tables.flatMap((table) => [...table.all]);
}

export const recordItem = (engine: EngineWorld, pk: string, sk: string): Json =>
  recordOf(engine).find((one) => one.pk.S === pk && one.sk.S === sk);

export const lockOf = (engine: EngineWorld): Json => recordItem(engine, `ENDPOINT#${ENDPOINT}`, 'LOCK');

/** The rollouts of the record, oldest first. */
export const rolloutsOf = (engine: EngineWorld): Json[] =>
  recordOf(engine)
    .filter(({ pk, sk }) => pk.S === `ENDPOINT#${ENDPOINT}` && sk.S.startsWith('ROLLOUT#'))
    .sort((a, b) => a.startedAt.S.localeCompare(b.startedAt.S));

export const percentOf = ({ world, sideOf }: EngineWorld): number =>
  world.sagemaker.router
    .of(ENDPOINT)
    .shares.filter(({ fleet }) => sideOf(fleet) === 'challenger')
    .reduce((sum, { percent }) => sum + percent, 0);

/** Executions of one machine, oldest first. */
export const executionsOf = ({ further }: EngineWorld, machine: 'rollout' | 'bake' | 'rollback') =>
  further.states.started.filter(({ props }) => props.stateMachineName.endsWith(`-${machine}`));

/** Deploys a second version, lets `meanwhile` happen beside it, and waits until everything is quiet. */
export async function rollOut(
  engine: EngineWorld,
  artifact: StackArtifact,
  meanwhile: (engine: EngineWorld) => Promise<void> = async () => {},
  limitMinutes = 24 * 60,
): Promise<Ended> {
  return engine.run(
    (async () => {
      engine.beginScenario();
      const from = engine.world.log.events.length;
      const asked = calls.problems.length;
      const [live] = engine.world.sagemaker.router.of(ENDPOINT).shares;
      const facts = {
        endpoint: ENDPOINT,
        home: live.fleet.variantName,
        fullCount: live.fleet.instances,
        percents: percentsOf(artifact),
      };
      const since = engine.clock.now();
      const side = meanwhile(engine);
      const deployed = await engine.deploy(artifact);
      await side;
      const quiet = await engine.quiet(limitMinutes);
      const percent = percentOf(engine);
      const latest = rolloutsOf(engine).find(({ startedAt }) => Date.parse(startedAt.S) >= since);
      const messages = engine.further.sns.published.map(({ subject }) => subject ?? '');
      return {
        deployed,
        quiet,
        outcome: latest?.outcome?.S ?? 'none',
        reason: latest?.reason?.S ?? '',
        percent,
        violations: [
          ...violations(engine.world.log.events),
          ...new Set(calls.problems.slice(asked)),
          ...rolloutViolations(engine.world.log.events.slice(from), facts),
          ...endingViolations({
            challengerPercent: percent,
            record: recordOf(engine),
            endpoint: ENDPOINT,
            messages,
            since,
            refused: deployed.status !== 'UPDATE_COMPLETE',
          }),
        ],
      };
    })(),
  );
}

/** The challenger's share in each phase, as the template's plan has it. */
function percentsOf({ template }: StackArtifact): number[] {
  const handover = Object.values(template.Resources).find(({ Type }) => Type === 'Custom::RolloutSpec');
  return handover?.Properties?.['Plan'].phases.map((phase: Json) =>
    phase.kind === 'watch' ? 100 - phase.holdbackPercent : (phase.percent ?? 0),
  );
}

/** What happened, for a person who reads a failed test. */
export function told({ world, further }: EngineWorld): string {
  const quiet = new Set(['Printed', 'EndpointEvent', 'ResourceReady', 'ResourceCreating', 'FunctionReturned']);
  const lines = world.log.events
    .filter(({ event }) => !quiet.has(event))
    .map(({ at, source, event, detail }) =>
      [new Date(at).toISOString().slice(5, 19), source, event, detail.slice(0, 300)].join(' '),
    );
  const messages = further.sns.published.map(({ subject, message }) => `${subject}: ${JSON.stringify(message)}`);
  return [...lines, ...messages].join('\n');
}
