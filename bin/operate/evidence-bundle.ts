import { createHash } from 'node:crypto';
import type { Plan, Spec } from '../../decision';
import type { Item } from '../../lambda/aws/rollout-record';
import type { TimelineEntry, VerdictEntry } from '../../rehearsal/outcome';
import type { Connection } from './connect';
import { idOf, type RolloutState, readLook, sorted, stateOf } from './read-rollout';

/** What one gate said in one look, with what it was judged by. */
export interface JudgedEntry extends VerdictEntry {
  /** Index of the phase in the plan. */
  readonly phase: number;
  /** Enough to judge it again. */
  readonly evidence: unknown;
}

/** A phase, and how long it lasted. */
export interface PhaseTiming {
  readonly phase: number;
  readonly kind: string;
  /** Share of live traffic that the new version had, 0-100. */
  readonly percent: number;
  readonly beganAtSeconds: number;
  /** Null for one that goes on. */
  readonly lastedSeconds: number | null;
}

/** Everything that is known of one rollout, in the words of a rehearsal's outcome. Times are seconds after it began. */
export interface EvidenceBundle {
  readonly schemaVersion: 1;
  readonly endpoint: string;
  readonly rolloutId: string;
  readonly strategy: string;
  readonly digest: string;
  readonly modelName: string;
  readonly outcome: RolloutState;
  readonly reason: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly totalSeconds: number | null;
  /** SHA-256 of everything that the template has handed over for this version: model, hosting, plan, gates, alarms. */
  readonly templateHash: string;
  readonly plan: Plan;
  readonly phases: readonly PhaseTiming[];
  readonly timeline: readonly TimelineEntry[];
  readonly verdicts: readonly JudgedEntry[];
  /** Names of the alarms that watched each variant. */
  readonly alarms: Spec['alarms'];
  readonly approvals: readonly Item[];
  readonly retrospective: Item | null;
}

/** After these events the new version has no traffic. */
const TAKEN_BACK = ['RolloutRolledBack', 'RolloutAborted', 'RolloutFailed'];

/**
 * Gathers the evidence of a rollout.
 *
 * @param rolloutId the last one where it is left out
 * @throws Error where there is no such rollout
 */
export async function gatherEvidence({ endpoint, record }: Connection, rolloutId?: string): Promise<EvidenceBundle> {
  const pk = `ENDPOINT#${endpoint}`;
  const all = sorted(await record.list(pk, 'ROLLOUT#'));
  const item = rolloutId === undefined ? all[0] : all.find((each) => idOf(each) === rolloutId);
  if (item === undefined) {
    const known = all.length === 0 ? 'it has none' : `it has ${all.slice(0, 5).map(idOf).join(', ')}`;
    throw new Error(`rollout must be one of endpoint ${endpoint}, got '${rolloutId ?? ''}'; ${known} [UnknownRollout]`);
  }
  const id = idOf(item);
  const [lock, begun, events, looks, approvals, retrospective] = await Promise.all([
    record.lock(endpoint),
    record.list(`ROLLOUT#${id}`, 'PHASE#'),
    record.list(`ROLLOUT#${id}`, 'EVENT#'),
    record.list(pk, `EVIDENCE#${id}#`),
    record.list(pk, `APPROVAL#${id}#`),
    record.get(pk, `RETRO#${id}`),
  ]);
  const spec = JSON.parse(`${item['spec']}`) as Spec;
  const state = stateOf(item, lock);
  const endedAt = state === item['outcome'] && typeof item['endedAt'] === 'string' ? item['endedAt'] : null;
  const since = (at: unknown) => (Date.parse(`${at}`) - Date.parse(`${item['startedAt']}`)) / 1000;
  return {
    schemaVersion: 1,
    endpoint,
    rolloutId: id,
    strategy: spec.plan.strategy,
    digest: spec.digest,
    modelName: spec.modelName,
    outcome: state,
    reason: endedAt === null ? '' : `${item['reason'] ?? ''}`,
    startedAt: `${item['startedAt']}`,
    endedAt,
    totalSeconds: endedAt === null ? null : since(endedAt),
    templateHash: createHash('sha256').update(`${item['spec']}`).digest('hex'),
    plan: spec.plan,
    phases: begun.map(({ kind, percent, startedAt }, phase) => {
      const end = begun[phase + 1]?.['startedAt'] ?? endedAt;
      const beganAtSeconds = since(startedAt);
      const lastedSeconds = end === null ? null : since(end) - beganAtSeconds;
      return { phase, kind: `${kind}`, percent: Number(percent), beganAtSeconds, lastedSeconds };
    }),
    timeline: timelineOf(events, begun, since, spec.plan.onUndecided),
    verdicts: looks
      .map(readLook)
      .flatMap(({ at, stage, gates }) =>
        gates.map(({ gate, kind, reason, evidence }) => ({
          atSeconds: since(at),
          by: gate,
          kind,
          reason,
          phase: stage,
          evidence,
        })),
      )
      .sort((one, other) => one.atSeconds - other.atSeconds),
    alarms: spec.alarms,
    approvals,
    retrospective: retrospective ?? null,
  };
}

/** The share is that of the phase which has begun last, until the rollout is taken back, or retreats to be held. */
function timelineOf(
  events: readonly Item[],
  begun: readonly Item[],
  since: (at: unknown) => number,
  onUndecided: Plan['onUndecided'],
): readonly TimelineEntry[] {
  const shares = begun.map(({ startedAt, percent }) => ({ at: since(startedAt), percent: Number(percent) }));
  let home = false;
  return events.map(({ at, event, detail }) => {
    const atSeconds = since(at);
    const retreats = event === 'RolloutHeld' && onUndecided === 'champion' && /^undecided/.test(`${detail}`);
    if (retreats || TAKEN_BACK.includes(`${event}`)) home = true;
    if (event === 'RolloutResumed') home = false;
    const share = shares.filter((each) => each.at <= atSeconds).at(-1)?.percent ?? 0;
    const challengerPercent = event === 'RolloutPromoted' ? 100 : home ? 0 : share;
    return { atSeconds, source: 'engine', event: `${event}`, detail: `${detail}`, challengerPercent };
  });
}
