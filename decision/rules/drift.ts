import { type Evidence, fail, hold, pass, type Verdict } from '../verdict';
import { type DriftMeasure, driftMeasures } from './drift-measures';
import { Reading } from './reading';

/**
 * Compares two histograms over the same fixed bins: outputs of the shadow against the champion's, or of today against a
 * baseline. Judged by the size of the difference beside what chance alone would show, never by a p-value, which rejects
 * everything at ten thousand samples (docs/rules/drift.md).
 */
export interface DriftRule {
  readonly kind: 'drift';
  /** How the difference is measured. */
  readonly measure: DriftMeasure;
  /** Largest difference that passes. @default - by measure: 0.1 */
  readonly maximum?: number;
  /** Difference from which the rule fails; between both it holds. @default - 0.25 for `psi`, else `maximum` */
  readonly failAbove?: number;
  /** Samples that each histogram must have. @default 1000 */
  readonly minimumSamples?: number;
  /** Chance on which the noise floor rests. @default 0.01 */
  readonly alpha?: number;
}

/** Two histograms over bins that were frozen on the champion. */
export interface DriftData {
  readonly champion: readonly number[];
  readonly challenger: readonly number[];
  /** Edges of the bins, one more than bins: what `wasserstein` needs. @default - bins have no place on a scale */
  readonly edges?: readonly number[];
}

/** Judges how far one histogram has moved from the other. */
export function judgeDrift(rule: DriftRule, data: DriftData): Verdict {
  const read = new Reading();
  const names = Object.keys(driftMeasures) as DriftMeasure[];
  const measure = read.word('measure', rule.measure, names);
  const maximum = read.number('maximum', rule.maximum, { min: 0, above: true }, 0.1);
  const worst = measure === 'psi' && rule.maximum === undefined ? 0.25 : maximum;
  const failAbove = read.number('failAbove', rule.failAbove, { min: 0, above: true }, worst);
  if (failAbove < maximum) read.problem(`failAbove must be at least maximum, got ${failAbove} and ${maximum}`);
  const least = read.number('minimumSamples', rule.minimumSamples, { min: 1 }, 1000);
  const alpha = read.number('alpha', rule.alpha, { min: 0, max: 0.5, above: true, below: true }, 0.01);
  const champion = histogram(read, 'champion', data.champion);
  const challenger = histogram(read, 'challenger', data.challenger);
  if (champion.length !== challenger.length) read.problem('champion and challenger must have the same number of bins');
  const edges = readEdges(read, measure, data.edges, champion.length);
  const about: Evidence = {
    rule: 'drift',
    version: 1,
    measure: measure ?? null,
    maximum,
    failAbove,
    alpha,
    champion,
    challenger,
  };
  if (!read.sound) return read.refusal(about);
  const sum = (list: readonly number[]) => list.reduce((total, value) => total + value, 0);
  const [n, m] = [sum(challenger), sum(champion)];
  if (!(n >= least && m >= least)) {
    return hold(`${n} and ${m} samples, at least ${least} are needed on each side`, about);
  }
  const { value, noise } = driftMeasures[measure as DriftMeasure]({ champion, challenger, n, m, alpha, edges });
  const evidence = { ...about, value, noise };
  const said = `${measure} is ${+value.toPrecision(4)}, of which chance may explain ${+noise.toPrecision(4)}`;
  if (value - noise > failAbove) return fail(`${said}: above ${failAbove}`, evidence);
  if (value + noise <= maximum) return pass(`${said}: within ${maximum}`, evidence);
  return hold(`${said}: neither clearly within ${maximum} nor above ${failAbove}`, evidence);
}

function histogram(read: Reading, name: string, value: unknown): number[] {
  const bins = read.list(name, value, 2, 10_000);
  return bins.map((count, i) => read.number(`${name}[${i}]`, count, { min: 0, max: 1e12 }));
}

function readEdges(read: Reading, measure: DriftMeasure | undefined, value: unknown, bins: number): number[] {
  if (measure !== 'wasserstein') return [];
  const edges = read.list('edges', value, 3, 10_001).map((edge, i) => read.number(`edges[${i}]`, edge));
  if (edges.length !== bins + 1) read.problem(`edges must be one more than the bins, got ${edges.length} for ${bins}`);
  if (edges.some((edge, i) => i > 0 && !(edge > edges[i - 1]))) read.problem('edges must rise');
  return edges;
}
