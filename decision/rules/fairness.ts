import type { Confusion } from '../distance/fairness';
import { type Evidence, fail, hold, pass, type Verdict } from '../verdict';
import { type FacetMeasure, type FairnessMeasure, fairnessMeasures, measureFacet } from './fairness-measures';
import { isRecord, Reading, shown } from './reading';

/**
 * Holds measures of fairness, by their SageMaker Clarify names, within limits in both directions: a difference may be at
 * most its limit, and disparate impact (DI) must lie between the limit and its inverse, so that 0 is the greatest harm
 * and not an improvement (docs/rules/fairness.md).
 */
export interface FairnessRule {
  readonly kind: 'fairness';
  /** Limit by measure: `{ DI: 0.8, DPPL: 0.1 }`. For DI the smallest ratio, for all others the largest size. */
  readonly limits: Readonly<Record<string, number>>;
  /** Facets that must be in the data, by name. */
  readonly facets: readonly string[];
  /** Chance of a wrong verdict on either side; one look. @default 0.05 */
  readonly alpha?: number;
  /** What to make of values without counts: `required` holds, `ignored` compares the bare values. @default 'required' */
  readonly uncertainty?: 'required' | 'ignored';
}

/** Measures of one facet: from counts (with an interval), or as a report gives them. */
export interface FairnessFacet {
  readonly name: string;
  /** Confusion counts of the disadvantaged group. @default - values are given */
  readonly disadvantaged?: Confusion;
  /** Confusion counts of the advantaged group. @default - values are given */
  readonly advantaged?: Confusion;
  /** Values by measure, from Clarify's `analysis.json`. @default - counts are given */
  readonly values?: Readonly<Record<string, number>>;
}

/** What a {@link FairnessRule} looks at. */
export interface FairnessData {
  readonly facets: readonly FairnessFacet[];
}

/** Judges every measure of every facet. */
export function judgeFairness(rule: FairnessRule, data: FairnessData): Verdict {
  const read = new Reading();
  const alpha = read.number('alpha', rule.alpha, { min: 0, max: 0.5, above: true, below: true }, 0.05);
  const uncertainty = read.word('uncertainty', rule.uncertainty, ['required', 'ignored'], 'required');
  const limits = read.record('limits', rule.limits);
  const measures = Object.keys(limits);
  if (measures.length === 0) read.problem('limits must name at least one measure');
  for (const name of measures) {
    if (!Object.hasOwn(fairnessMeasures, name))
      read.problem(`limits has no measure ${name}, it may be one of ${Object.keys(fairnessMeasures).join(', ')}`);
    else if (name === 'DI') read.number('limits.DI', limits[name], { min: 0, max: 1, above: true, below: true });
    else read.number(`limits.${name}`, limits[name], { min: 0, max: 1e6, above: true });
  }
  const facets = read.list('facets', rule.facets, 1, 1000);
  const found = read.list('data.facets', data.facets, 0, 10_000).filter(isRecord);
  const about: Evidence = { rule: 'fairness', version: 1, alpha, uncertainty: uncertainty ?? null };
  if (!read.sound) return read.refusal(about);
  const results: FacetMeasure[] = [];
  for (const facet of facets) {
    const matching = found.filter(({ name }) => name === facet);
    if (matching.length !== 1) {
      read.problem(`facet ${shown(facet)} must be in the data once, found ${matching.length} times`);
      continue;
    }
    for (const name of measures) {
      results.push(
        measureFacet(
          read,
          matching[0],
          name as FairnessMeasure,
          limits[name] as number,
          alpha,
          uncertainty === 'ignored',
        ),
      );
    }
  }
  const evidence = { ...about, measures: results.map((result) => ({ ...result })) };
  const say = (list: readonly FacetMeasure[]) =>
    list.map(({ facet, measure, value }) => `${measure} of ${facet} is ${+value.toPrecision(4)}`).join(', ');
  const unfair = results.filter(({ kind }) => kind === 'fail');
  if (read.sound && unfair.length > 0) return fail(say(unfair), evidence);
  if (!read.sound) return read.refusal(evidence);
  const open = results.filter(({ kind }) => kind !== 'pass');
  if (open.length === 0) return pass(`all ${results.length} measures are within their limits`, evidence);
  return hold(`too few examples to be sure: ${say(open)}`, evidence);
}
