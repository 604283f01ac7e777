/**
 * What a rule says of the data it has seen: the evidence shows the challenger tolerable (`pass`), shows it
 * intolerable (`fail`), or shows neither yet (`hold`).
 */
export type VerdictKind = 'pass' | 'fail' | 'hold';

/** Numbers, words and lists from which a verdict can be replayed. Plain JSON: no NaN, no Infinity, no Date. */
export type Evidence = { readonly [key: string]: EvidenceValue };

/** One value inside {@link Evidence}. */
export type EvidenceValue = string | number | boolean | null | readonly EvidenceValue[] | Evidence;

/** One judgement, with its reason in a sentence for a person and its evidence for a replay. */
export interface Verdict {
  readonly kind: VerdictKind;
  /** One sentence, lower-case, no full stop: why. */
  readonly reason: string;
  readonly evidence: Evidence;
}

/** The evidence rejects "intolerably worse". */
export function pass(reason: string, evidence: Evidence = {}): Verdict {
  return { kind: 'pass', reason, evidence: plain(evidence) as Evidence };
}

/** The evidence rejects "tolerable". */
export function fail(reason: string, evidence: Evidence = {}): Verdict {
  return { kind: 'fail', reason, evidence: plain(evidence) as Evidence };
}

/** Nothing is shown yet, or the data cannot be trusted. */
export function hold(reason: string, evidence: Evidence = {}): Verdict {
  return { kind: 'hold', reason, evidence: plain(evidence) as Evidence };
}

/** A number that JSON cannot carry becomes a word, so that evidence survives its journey unchanged. */
function plain(value: EvidenceValue): EvidenceValue {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
