import type { NamedVerdict } from './algebra';
import type { Verdict, VerdictKind } from './verdict';

/** Step Functions carries at most 256 KiB: longer reasons stay in the evidence. */
const REASON_LENGTH = 400;

/** What a tick answers: small enough for a state machine; the evidence lies where `evidence` points. */
export interface TickAnswer {
  readonly schemaVersion: 1;
  readonly kind: VerdictKind;
  readonly reason: string;
  /** Both versions' alarms are in ALARM: nobody is to blame, and nothing is to be shifted. */
  readonly sharedOutage: boolean;
  readonly gates: readonly { readonly id: string; readonly kind: VerdictKind; readonly reason: string }[];
  /** Where the evidence was kept; null when it was not. */
  readonly evidence: string | null;
}

/** The answer of a tick from its verdicts. */
export function tickAnswer(
  whole: Verdict,
  verdicts: readonly NamedVerdict[],
  evidence: string | null,
  sharedOutage = false,
): TickAnswer {
  const gates = verdicts.map(({ name, verdict }) => ({
    id: name,
    kind: verdict.kind,
    reason: short(verdict.reason),
  }));
  return { schemaVersion: 1, kind: whole.kind, reason: short(whole.reason), sharedOutage, gates, evidence };
}

function short(text: string): string {
  return text.length <= REASON_LENGTH ? text : `${text.slice(0, REASON_LENGTH - 3)}...`;
}
