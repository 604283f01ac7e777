import {
  allMustPass,
  decideBake,
  hold,
  insideWindow,
  isoSeconds,
  type Phase,
  tickSeconds,
  type Verdict,
} from '../../decision';
import type { DecideEvent } from './event';
import { locate } from './look';
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
  const { spec, phase, elapsedSeconds } = await locate(ports, event);
  const verdict = whole(event);
  const driftTicks = event.drift === null ? 0 : event.driftTicks + 1;
  const next = { waitSeconds: tickSeconds(elapsedSeconds), driftTicks, ticks: event.ticks + 1 };
  if (verdict.kind !== 'fail' && driftTicks >= DRIFT_TICKS) {
    return { answer: 'hold', reason: `drift: ${event.drift}`, ...next };
  }
  const decision = decideBake({
    elapsedSeconds,
    bakeSeconds: phase.kind === 'before' ? 0 : isoSeconds(phase.bake),
    deadlineSeconds: deadlineOf(phase),
    verdict,
    approval: await approval(ports, event, phase),
    onUndecided: spec.plan.onUndecided,
    windowOpen: insideWindow(spec.plan.changeWindow, Date.parse(event.at)),
  });
  return { ...decision, ...next };
}

/** Every answer is a gate; an endpoint that is not as it should be is one that holds. */
function whole({ answers, drift }: DecideEvent): Verdict {
  const verdicts = answers.map(({ kind, reason }, i) => ({ name: `${i}`, verdict: read(kind, reason) }));
  const found = drift === null ? [] : [{ name: 'drift', verdict: hold(drift) }];
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

async function approval(ports: LookPorts, { endpoint, rolloutId, phaseIndex }: DecideEvent, phase: Phase) {
  if (!(phase.kind === 'stage' && phase.approval === true)) return 'notNeeded';
  const item = await ports.record.get(`ENDPOINT#${endpoint}`, `APPROVAL#${rolloutId}#${phaseIndex}`);
  const status = item?.['status'];
  return status === 'approved' || status === 'rejected' ? status : 'pending';
}
