import { isoSeconds, type LiveEndpoint, type Phase, type Spec, sharePercent } from '../../decision';
import type { Item, Lock } from '../../lambda/aws/rollout-record';
import type { Connection } from './connect';

/** How a rollout stands, or how it ended. */
export type RolloutState =
  | 'reserved'
  | 'running'
  | 'watching'
  | 'rollingBack'
  | 'held'
  | 'promoted'
  | 'rolledBack'
  | 'aborted'
  | 'failed';

/** One phase of a rollout, as far as it has come. */
export interface PhaseView {
  readonly kind: Phase['kind'];
  /** Share of live traffic that the new version has in it, 0-100. */
  readonly percent: number;
  readonly state: 'done' | 'now' | 'ended' | 'next';
  readonly startedAt: string | null;
  readonly bakeSeconds: number;
  /** Seconds until the bake is over, at least 0; null where it does not run. */
  readonly bakeLeftSeconds: number | null;
  /** Seconds until an undecided phase is given to a person; null where it does not run, or has no deadline. */
  readonly deadlineLeftSeconds: number | null;
}

/** What a gate has said last. */
export interface GateView {
  readonly gate: string;
  readonly kind: 'pass' | 'fail' | 'hold';
  readonly reason: string;
}

/** One rollout, as the record has it. */
export interface RolloutView {
  readonly rolloutId: string;
  readonly state: RolloutState;
  readonly digest: string;
  readonly modelName: string;
  readonly strategy: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** Why it ended or is held; empty before. */
  readonly reason: string;
  readonly phases: readonly PhaseView[];
  /** What the gates have said in the last look; empty before the first. */
  readonly gates: readonly GateView[];
  readonly lookedAt: string | null;
  /** Why a person is asked; null when nobody is. */
  readonly approvalPending: string | null;
}

/** Everything that `status` shows. */
export interface StatusView {
  readonly schemaVersion: 1;
  readonly endpoint: string;
  readonly champion: { readonly digest: string; readonly variant: string; readonly since: string } | null;
  /** What SageMaker says serves; null where nothing does, or where it could not be asked. */
  readonly serves: {
    readonly status: string;
    readonly config: string;
    readonly shares: { [variant: string]: number };
  } | null;
  /** The rollout under way, or the last one; null when there was none. */
  readonly rollout: RolloutView | null;
  /** The rollout whose retrospective is open; null when there is none. */
  readonly openRetrospective: string | null;
}

/** Reads how an endpoint stands. */
export async function readStatus(connection: Connection): Promise<StatusView> {
  const { endpoint, record } = connection;
  const pk = `ENDPOINT#${endpoint}`;
  const [lock, champion, rollouts, retrospectives, live] = await Promise.all([
    record.lock(endpoint),
    record.get(pk, 'CHAMPION'),
    record.list(pk, 'ROLLOUT#'),
    record.list(pk, 'RETRO#'),
    connection.describe().catch(() => undefined),
  ]);
  const current =
    (lock.rolloutId === '' ? undefined : rollouts.find((item) => idOf(item) === lock.rolloutId)) ?? sorted(rollouts)[0];
  const open = retrospectives.find(({ status }) => status !== 'closed');
  const reserved = lock.rolloutId !== '' && idOf(current ?? {}) !== lock.rolloutId;
  return {
    schemaVersion: 1,
    endpoint,
    champion:
      champion === undefined
        ? null
        : { digest: `${champion['digest']}`, variant: `${champion['variant']}`, since: `${champion['since']}` },
    serves: live === undefined ? null : { status: live.status, config: live.configName, shares: sharesOf(live) },
    rollout: reserved
      ? beforeItBegins(lock)
      : current === undefined
        ? null
        : await readRollout(connection, current, lock),
    openRetrospective: open === undefined ? null : `${open['rolloutId']}`,
  };
}

/** The newest first. */
export const sorted = (rollouts: readonly Item[]): Item[] =>
  [...rollouts].sort((one, other) => (`${one['startedAt']}` < `${other['startedAt']}` ? 1 : -1));

export const idOf = (item: Item): string => `${item['rolloutId'] ?? ''}`;

/** How a rollout stands: while it has the lock, its lock says so; afterwards its outcome does. */
export function stateOf(rollout: Item, lock: Lock): RolloutState {
  if (idOf(rollout) === lock.rolloutId) return lock.phase as RolloutState;
  const outcome = rollout['outcome'];
  return outcome === undefined ? 'failed' : (outcome as RolloutState);
}

/** A rollout whose lock is taken, and whose spec was never handed over. */
function beforeItBegins({ rolloutId, digest, since }: Lock): RolloutView {
  return {
    rolloutId,
    state: 'reserved',
    digest,
    modelName: '',
    strategy: '',
    startedAt: since,
    endedAt: null,
    reason: 'it waits for the rest of its stack',
    phases: [],
    gates: [],
    lookedAt: null,
    approvalPending: null,
  };
}

async function readRollout({ endpoint, record, clock }: Connection, item: Item, lock: Lock): Promise<RolloutView> {
  const rolloutId = idOf(item);
  const state = stateOf(item, lock);
  const spec = JSON.parse(`${item['spec'] ?? 'null'}`) as Spec | null;
  const begun = await record.list(`ROLLOUT#${rolloutId}`, 'PHASE#');
  const asked = await record.list(`ENDPOINT#${endpoint}`, `APPROVAL#${rolloutId}#`);
  const pending = asked.find(({ status }) => status === 'pending');
  const under = state === 'running' || state === 'watching' || state === 'held';
  const now = clock.now();
  const look = begun.length === 0 ? undefined : await lastLook({ endpoint, record }, rolloutId, begun.length - 1);
  return {
    rolloutId,
    state,
    digest: `${item['digest']}`,
    modelName: spec?.modelName ?? '',
    strategy: spec?.plan.strategy ?? '',
    startedAt: `${item['startedAt']}`,
    endedAt: typeof item['endedAt'] === 'string' && state === item['outcome'] ? item['endedAt'] : null,
    reason: state === item['outcome'] ? `${item['reason'] ?? ''}` : '',
    phases: (spec?.plan.phases ?? []).map((phase, i) =>
      phaseView(phase, begun[i], { last: begun.length - 1 === i, state, now }),
    ),
    gates: look?.gates ?? [],
    lookedAt: look?.at ?? null,
    approvalPending: pending !== undefined && under ? `${pending['why'] ?? 'the plan asks for approval'}` : null,
  };
}

interface PhaseFacts {
  /** Whether it is the last that was begun. */
  readonly last: boolean;
  readonly state: RolloutState;
  readonly now: number;
}

function phaseView(phase: Phase, begun: Item | undefined, { last, state, now }: PhaseFacts): PhaseView {
  const active = last && (state === 'running' || state === 'watching' || state === 'held');
  const left = (from: unknown, duration: string) =>
    active ? Math.max(0, isoSeconds(duration) - (now - Date.parse(`${from}`)) / 1000) : null;
  const startedAt = begun === undefined ? null : `${begun['startedAt']}`;
  const bake = phase.kind === 'before' ? 'PT0S' : phase.bake;
  const ended = last && !active && state !== 'promoted';
  return {
    kind: phase.kind,
    percent: phase.kind === 'stage' ? phase.percent : phase.kind === 'watch' ? 100 - phase.holdbackPercent : 0,
    state: startedAt === null ? 'next' : active ? 'now' : ended ? 'ended' : 'done',
    startedAt,
    bakeSeconds: isoSeconds(bake),
    bakeLeftSeconds: startedAt === null ? null : left(startedAt, bake),
    deadlineLeftSeconds:
      startedAt === null || phase.kind === 'watch' ? null : left(begun?.['resumedAt'] ?? startedAt, phase.deadline),
  };
}

/** What the judges have said last in a phase: one of each, because several look at the same time. */
async function lastLook(
  { endpoint, record }: Pick<Connection, 'endpoint' | 'record'>,
  rolloutId: string,
  index: number,
) {
  const items = await record.list(`ENDPOINT#${endpoint}`, `EVIDENCE#${rolloutId}#${index}#`, 2);
  const looks = items.map(readLook);
  const at = looks[0]?.at;
  return at === undefined
    ? undefined
    : { at, gates: looks.filter((look) => look.at === at).flatMap(({ gates }) => gates) };
}

/** One look: when, and what each gate said of what. */
export interface Look {
  readonly at: string;
  readonly stage: number;
  readonly gates: readonly (GateView & { readonly evidence: unknown })[];
}

/** A look, from the item that a judge has kept. */
export function readLook(item: Item): Look {
  const { event, verdict } = JSON.parse(`${item['evidence']}`) as {
    readonly event: { readonly at: number | string; readonly stage: string };
    readonly verdict: {
      readonly evidence: { readonly [gate: string]: Omit<GateView, 'gate'> & { evidence: unknown } };
    };
  };
  const gates = Object.entries(verdict.evidence).map(([gate, { kind, reason, evidence }]) => ({
    gate,
    kind,
    reason,
    evidence,
  }));
  return { at: new Date(event.at).toISOString(), stage: Number(event.stage), gates };
}

const sharesOf = (live: LiveEndpoint): { [variant: string]: number } =>
  Object.fromEntries(live.variants.map(({ name }) => [name, Math.round(10 * sharePercent(live, name)) / 10]));
