import { describe, expect, test } from 'vitest';
import type { Scenario } from '../../../rehearsal/scenario';
import { type Fault, type FaultKind, Faults } from '../../../rehearsal/services';
import { errors, good } from '../fixtures/scenarios';
import { brief, practised, versionOf } from './deployment';
import { type Ended, executionsOf, rollOut, told } from './practice';

const [first, second] = ['1', '2'].map((version) => versionOf(version, { strategy: brief }));

/** A rollout with faults in it. `calls` tells how often each API was called before the rollout, and in all. */
async function under(scenario: Scenario, planned: readonly Fault[]) {
  const faults = new Faults(planned);
  const engine = await practised({ scenario, faults }, first, 2);
  const before = new Map(faults.calls);
  const ended = await rollOut(engine, second, undefined, 30 * 60);
  return { engine, ended, before, after: faults.calls, unmet: faults.unmet };
}

/** Every call of the rollout at which a fault of this API can strike: the first, one in the middle, the last. */
async function addresses(scenario: Scenario): Promise<[api: string, call: number][]> {
  const { before, after } = await under(scenario, []);
  return [...after].flatMap(([api, last]) => {
    const start = (before.get(api) ?? 0) + 1;
    const calls = last < start ? [] : [start, Math.floor((start + last) / 2), last];
    return [...new Set(calls)].map((call): [string, number] => [api, call]);
  });
}

/** What passes by itself, and is over after one call. */
const TRANSIENT: readonly FaultKind[] = ['throttled', 'failed', 'replyLost', 'silent'];
const ALL = process.env['EVERY_FAULT'] !== undefined;
/** Spread over the kinds, so that each kind meets many calls; every cell when asked by EVERY_FAULT=1. */
const pick = <T>(cells: readonly T[]): readonly T[] => (ALL ? cells : cells.filter((_, i) => i % 9 === 0));

const cells = async (scenario: Scenario, kinds: readonly FaultKind[]) =>
  pick((await addresses(scenario)).flatMap(([api, call]) => kinds.map((kind): Fault => ({ api, call, kind }))));

const words = ({ api, call, kind, times }: Fault) => `${api}#${call} ${kind}${times === undefined ? '' : ` ×${times}`}`;

const failures: string[] = [];
async function all(scenario: Scenario, faults: readonly Fault[], isGood: (ended: Ended, fault: Fault) => boolean) {
  const outcomes = new Map<string, number>();
  failures.length = 0;
  for (const fault of faults) {
    const { ended, engine } = await under(scenario, [fault]);
    outcomes.set(ended.outcome, (outcomes.get(ended.outcome) ?? 0) + 1);
    if (isGood(ended, fault) && ended.violations.length === 0 && ended.quiet) continue;
    failures.push(`${words(fault)}: ${JSON.stringify({ ...ended, deployed: ended.deployed.status })}`);
    if (process.env['TELL'] === words(fault)) console.log(told(engine));
  }
  if (ALL) console.log(`${faults.length} cells: ${[...outcomes].join(' ')}`);
  return failures;
}

describe('one fault in a rollout', () => {
  test('that passes by itself does not keep a good version back', { timeout: 600_000 }, async () => {
    // Step Functions does not leave a call of its own unanswered for the thirty days that a bake may take.
    const faults = (await cells(good, TRANSIENT)).filter(
      ({ api, kind }) => !(api === 'states:StartExecution' && kind === 'silent'),
    );
    expect(await all(good, faults, ({ outcome, percent }) => outcome === 'promoted' && percent === 100)).toEqual([]);
  });

  test('of any kind does not keep a bad version', { timeout: 600_000 }, async () => {
    const faults = await cells(errors, [...TRANSIENT, 'denied']);
    expect(await all(errors, faults, ({ percent }) => percent === 0)).toEqual([]);
  });
});

test('a way back that is not allowed calls people, and goes on once it is', async () => {
  const weights = 'sagemaker:UpdateEndpointWeightsAndCapacities';
  const { ended, engine, unmet } = await under(errors, [{ api: weights, call: 2, times: 3, kind: 'denied' }]);
  expect(unmet).toEqual([]);
  expect(ended, told(engine)).toMatchObject({ outcome: 'rolledBack', percent: 0, violations: [], quiet: true });
  const subjects = engine.further.sns.published.map(({ subject }) => subject);
  expect(subjects.filter((subject) => subject === 'fraud: RollbackStuck')).toHaveLength(3);
});

test('a trigger that cannot be looked up calls people at once, and is heard once the record answers', async () => {
  const reads = 'dynamodb:GetItem';
  let call = 0;
  const untouched = new Faults([]);
  const seen = await practised({ scenario: errors, faults: untouched }, first, 2);
  await rollOut(seen, second, async (engine) => {
    while (executionsOf(engine, 'rollback').length === 0) {
      call = (untouched.calls.get(reads) ?? 0) + 1;
      await engine.clock.sleep(1_000);
    }
  });
  const { ended, engine, unmet } = await under(errors, [{ api: reads, call, times: 8, kind: 'denied' }]);
  expect(unmet).toEqual([]);
  expect(ended, told(engine)).toMatchObject({ outcome: 'rolledBack', percent: 0, violations: [], quiet: true });
  const subjects = engine.further.sns.published.map(({ subject }) => `${subject}`);
  expect(subjects.filter((subject) => subject.endsWith('RollbackUnheard')).length).toBeGreaterThan(0);
});
