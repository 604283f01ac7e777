import {
  allMustPass,
  approvalReason,
  type BakeFacts,
  decideBake,
  hold,
  insideWindow,
  isoSeconds,
  type Phase,
  tickSeconds,
  type Verdict,
} from '../../decision';
import { announce } from '../aws/announce';
import { askedOf } from './asked';
import type { DecideEvent } from './event';
import { locate, type Place } from './look';
import type { LookPorts } from './ports';

/** What the tick means for its phase, and when to look again. */
export interface DecideAnswer {
  readonly answer: 'pass' | 'fail' | 'hold' | 'retreat' | 'continue';
  readonly reason: string;
  readonly waitSeconds: number;
  readonly driftTicks: number;
  /** Ticks of this execution. */
  readonly ticks: number;
}

/** A busy endpoint and a stale read look like drift for a moment; so many ticks of it in a row are drift. */
const DRIFT_TICKS = 5;

/** Puts the answers of a tick together. Nobody who was asked and did not answer clearly lets a phase pass. */
export async function decide(ports: LookPorts, event: DecideEvent): Promise<DecideAnswer> {
  const place = await locate(ports, event);
  const { spec, phase, elapsedSeconds, heldSeconds } = place;
  const verdict = whole(event, place);
  ports.count(event.endpoint, verdict.kind, event.at);
  const driftTicks = event.drift === null ? 0 : event.driftTicks + 1;
  // Instances are asked for at a tick: none is waited for longer than it must.
  const waitSeconds = event.short === null ? tickSeconds(elapsedSeconds) : tickSeconds(0);
  const next = { waitSeconds, driftTicks, ticks: event.ticks + 1 };
  if (verdict.kind !== 'fail' && driftTicks >= DRIFT_TICKS) {
    return { answer: 'hold', reason: `drift: ${event.drift}`, ...next };
  }
  const asked = await approvalOf(ports, event, place);
  const facts: BakeFacts = {
    elapsedSeconds,
    bakeSeconds: phase.kind === 'before' ? 0 : isoSeconds(phase.bake),
    // A phase that was resumed has all of its time again.
    deadlineSeconds: deadlineOf(phase) + heldSeconds,
    verdict,
    approval: asked.status,
    onUndecided: spec.plan.onUndecided,
    windowOpen: insideWindow(spec.plan, Date.parse(event.at)),
  };
  // A person is asked once there is nothing else that the phase waits for but a window.
  const ready = decideBake({ ...facts, approval: 'notNeeded', windowOpen: true }).answer === 'pass';
  if (asked.status === 'pending' && ready) await ask(ports, event, asked.reason, verdict.reason);
  return { ...decideBake(facts), ...next };
}

/** Every answer is a gate; an endpoint that is not as it should be is one that holds, and so is one without a way back. */
function whole({ answers, drift, short }: DecideEvent, { spec, phase }: Place): Verdict {
  const names = askedOf(spec, phase.kind);
  const verdicts = answers.map(({ kind, reason }, i) => ({ name: names[i] ?? `${i}`, verdict: read(kind, reason) }));
  const found = Object.entries({ drift, short }).flatMap(([name, reason]) =>
    reason === null ? [] : [{ name, verdict: hold(reason) }],
  );
  return allMustPass([...verdicts, ...found]);
}

function read(kind: unknown, reason: unknown): Verdict {
  if (typeof reason !== 'string') return hold('an answer came without a reason');
  return kind === 'pass' || kind === 'fail' ? { kind, reason, evidence: {} } : hold(reason);
}

/** A watch that is over may be undecided in its last tick; so many seconds more are waited for a clear one. */
const WATCH_GRACE_SECONDS = 3_600;

const deadlineOf = (phase: Phase): number =>
  phase.kind === 'watch' ? isoSeconds(phase.bake) + WATCH_GRACE_SECONDS : isoSeconds(phase.deadline);

/** What a person has said; only a word that is known is one. */
async function approvalOf(
  ports: LookPorts,
  { endpoint, rolloutId, phaseIndex, at }: DecideEvent,
  { spec, phase }: Place,
): Promise<{ readonly status: BakeFacts['approval']; readonly reason: string }> {
  const past = spec.approval === undefined ? [] : await ports.record.list(`ENDPOINT#${endpoint}`, 'RETRO#');
  const rollbacks = past.map(({ openedAt }) => Date.parse(`${openedAt}`));
  const reason = approvalReason(phase, phaseIndex, spec.plan, spec.approval, { at: Date.parse(at), rollbacks });
  if (reason === undefined) return { status: 'notNeeded', reason: '' };
  const item = await ports.record.get(`ENDPOINT#${endpoint}`, `APPROVAL#${rolloutId}#${phaseIndex}`);
  const status = item?.['status'];
  return { status: status === 'approved' || status === 'rejected' ? status : 'pending', reason };
}

/** Asks people, once a phase. */
async function ask(ports: LookPorts, event: DecideEvent, reason: string, evidence: string): Promise<void> {
  const { endpoint, rolloutId, phaseIndex, at } = event;
  const item = { status: 'pending', rolloutId, phaseIndex, askedAt: at, why: reason };
  if (await ports.record.put(`ENDPOINT#${endpoint}`, `APPROVAL#${rolloutId}#${phaseIndex}`, item, true)) {
    const detail = `${reason}; ${evidence}`;
    await announce(ports, { endpoint, rolloutId, event: 'ApprovalNeeded', detail });
  }
}
