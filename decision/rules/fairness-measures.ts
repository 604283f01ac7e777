import { type Confusion, clarifyPostTrainingBias, shareMeasures } from '../distance/fairness';
import { katzCi, newcombeCi } from '../intervals/difference';
import type { VerdictKind } from '../verdict';
import type { Reading } from './reading';

/** A measure by its SageMaker Clarify name. */
export type FairnessMeasure = keyof ReturnType<typeof clarifyPostTrainingBias>;

/** Which measures carry an interval: ratios and differences of shares do, the others stand as bare values. */
export const fairnessMeasures: { readonly [M in FairnessMeasure]: boolean } = {
  DI: true,
  DPPL: true,
  RD: true,
  SD: true,
  DAR: true,
  DRR: true,
  AD: true,
  DCAcc: false,
  DCR: false,
  TE: false,
  GE: false,
};

/** One measure of one facet, judged. The interval is null where there is none. */
export interface FacetMeasure {
  readonly facet: string;
  readonly measure: FairnessMeasure;
  readonly value: number;
  readonly interval: readonly number[] | null;
  readonly limit: number;
  readonly kind: VerdictKind;
}

/** Measures one facet and compares it with its limit; what cannot be measured is a problem. */
export function measureFacet(
  read: Reading,
  facet: Readonly<Record<string, unknown>>,
  measure: FairnessMeasure,
  limit: number,
  alpha: number,
  bare: boolean,
): FacetMeasure {
  const name = String(facet['name']);
  const at = `${measure} of ${name}`;
  const given = facet['values'] === undefined ? undefined : read.record(`${name}.values`, facet['values']);
  const counts = given === undefined ? readCounts(read, facet, name) : undefined;
  const value = read.number(
    at,
    given === undefined ? counts && clarifyPostTrainingBias(counts)[measure] : given[measure],
  );
  if (measure === 'DI' && !(value >= 0)) read.problem(`${at} must not be negative, got ${value}`);
  const interval = counts === undefined ? null : intervalOf(counts, measure, 1 - 2 * alpha);
  if (interval === null && !bare)
    read.problem(`${at} has no interval: give counts of a measure that has one, or ignore uncertainty`);
  const [low, high] = interval ?? [value, value];
  return { facet: name, measure, value, interval, limit, kind: compare(measure, low, high, limit) };
}

/** Within the limits as a whole: pass. Outside as a whole: fail. */
function compare(measure: FairnessMeasure, low: number, high: number, limit: number): VerdictKind {
  const [least, most] = measure === 'DI' ? [limit, 1 / limit] : [-limit, limit];
  if (low >= least && high <= most) return 'pass';
  return high < least || low > most ? 'fail' : 'hold';
}

function intervalOf({ facetD, facetA }: Facets, measure: FairnessMeasure, conf: number): [number, number] | null {
  if (!fairnessMeasures[measure]) return null;
  const { share, flip } = shareMeasures[measure === 'DI' ? 'DPPL' : measure];
  const [xd, nd] = share(facetD);
  const [xa, na] = share(facetA);
  if (measure === 'DI') return katzCi({ xb: xd, nb: nd, xa, na, conf });
  return flip ? newcombeCi({ xb: xd, nb: nd, xa, na, conf }) : newcombeCi({ xb: xa, nb: na, xa: xd, na: nd, conf });
}

interface Facets {
  readonly facetD: Confusion;
  readonly facetA: Confusion;
}

function readCounts(read: Reading, facet: Readonly<Record<string, unknown>>, name: string): Facets {
  const one = (key: string): Confusion => {
    const counts = read.record(`${name}.${key}`, facet[key]);
    const count = (cell: string) =>
      read.number(`${name}.${key}.${cell}`, counts[cell], { min: 0, max: 1e12, integer: true });
    return { TP: count('TP'), FN: count('FN'), FP: count('FP'), TN: count('TN') };
  };
  return { facetD: one('disadvantaged'), facetA: one('advantaged') };
}
