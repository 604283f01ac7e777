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
