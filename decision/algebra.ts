import { type Evidence, fail, hold, pass, type Verdict, type VerdictKind } from './verdict';

/** A verdict and the gate that gave it. */
export interface NamedVerdict {
  readonly name: string;
  readonly verdict: Verdict;
}

/** `fail` is worse than `hold`, `hold` is worse than `pass`; a word that is none of them counts as `hold`. */
export function worstKind(kinds: readonly VerdictKind[]): VerdictKind {
  if (kinds.includes('fail')) return 'fail';
  return kinds.length > 0 && kinds.every((kind) => kind === 'pass') ? 'pass' : 'hold';
}

/**
 * One verdict of many gates: worst wins, and a pass needs every gate to pass. That each gate must pass is an
 * intersection-union test, so no correction for their number is needed on this side (Berger 1982,
 * https://doi.org/10.1080/00401706.1982.10487790). No gate at all is `hold`: nothing has shown anything.
 */
export function allMustPass(verdicts: readonly NamedVerdict[]): Verdict {
  const kind = worstKind(verdicts.map(({ verdict }) => verdict.kind));
  const evidence: Evidence = Object.fromEntries(
    verdicts.map(({ name, verdict }) => [
      name,
      { kind: verdict.kind, reason: verdict.reason, evidence: verdict.evidence },
    ]),
  );
  if (verdicts.length === 0) return hold('no gate was asked');
  const say = (wanted: (kind: VerdictKind) => boolean) =>
    verdicts
      .filter(({ verdict }) => wanted(verdict.kind))
      .map(({ name, verdict }) => `${name}: ${verdict.reason}`)
      .join('; ');
  if (kind === 'fail')
    return fail(
      say((k) => k === 'fail'),
      evidence,
    );
  if (kind === 'hold')
    return hold(
      say((k) => k !== 'pass'),
      evidence,
    );
  return pass(
    say(() => true),
    evidence,
  );
}

/** At a deadline an undecided verdict stays `hold`, and says that there is no time left. It never becomes a pass. */
export function atDeadline(verdict: Verdict): Verdict {
  if (verdict.kind === 'pass' || verdict.kind === 'fail') return verdict;
  return hold(`undecided at the deadline: ${verdict.reason}`, { ...verdict.evidence, deadline: true });
}

/**
 * Shares of `alpha` for metrics of which any one may roll back (union bound): proportional to the weights, so that
 * the shares sum to `alpha`. Equal weights give Bonferroni's `alpha / M`. Weights that are not positive numbers, or an
 * alpha outside (0, 1), give shares of 0: a test that never fires is refused by every rule.
 */
export function splitAlpha(alpha: number, weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const sound = alpha > 0 && alpha < 1 && Number.isFinite(total) && weights.every((weight) => weight > 0);
  return weights.map((weight) => (sound ? (alpha * weight) / total : 0));
}
