import { ksCAlpha, linfCdfFromBuckets, linfRobust, wasserstein1Weighted } from '../distance/distributions';
import { chiSquare2xK, jensenShannonDistance, psiFromCounts, psiNullQuantile, shares } from '../distance/shares';
import { chiSquareQuantile } from '../special/gamma';
import { normalQuantile } from '../special/normal';

/** How a difference of two histograms is measured. */
export type DriftMeasure = 'psi' | 'ks' | 'linfRobust' | 'jensenShannon' | 'wasserstein' | 'cramersV';

/** What every measure is computed from: counts, their totals (n challenger, m champion), and the level of the noise. */
export interface DriftInputs {
  readonly champion: readonly number[];
  readonly challenger: readonly number[];
  readonly n: number;
  readonly m: number;
  readonly alpha: number;
  readonly edges: readonly number[];
}

/** The size of a difference, and the size that chance alone stays below with probability 1 - alpha. */
export interface DriftSize {
  readonly value: number;
  readonly noise: number;
}

type Measure = (inputs: DriftInputs) => DriftSize;

/** Half a sample a bin, so that an empty bin does not make a logarithm infinite. */
const pseudocount = 0.5;

const psiNoise = ({ champion, n, m, alpha }: DriftInputs) =>
  psiNullQuantile({ bins: champion.length, n, m, q: 1 - alpha });

const ks = ({ champion, challenger }: DriftInputs) =>
  linfCdfFromBuckets({ p: shares(champion), q: shares(challenger) });

const ksNoise = ({ n, m, alpha }: DriftInputs) => ksCAlpha({ alpha }) * Math.sqrt((n + m) / (n * m));

/** A missing entry does not compile. */
export const driftMeasures: { readonly [M in DriftMeasure]: Measure } = {
  psi: (inputs) => ({
    value: psiFromCounts({ expected: inputs.champion, actual: inputs.challenger, pseudocount }),
    noise: psiNoise(inputs),
  }),
  ks: (inputs) => ({ value: ks(inputs), noise: ksNoise(inputs) }),
  // The noise is already inside: SageMaker Model Monitor's default.
  linfRobust: (inputs) => ({
    value: linfRobust({ linfSimple: ks(inputs), n: inputs.n, m: inputs.m, cAlpha: 1.8 }),
    noise: 0,
  }),
  jensenShannon: (inputs) => ({
    value: jensenShannonDistance({
      p: shares(inputs.champion, pseudocount),
      q: shares(inputs.challenger, pseudocount),
    }),
    // For near distributions the divergence is an eighth of the PSI, here in bits.
    noise: Math.sqrt(psiNoise(inputs) / 8 / Math.LN2),
  }),
  wasserstein,
  cramersV: ({ champion, challenger, n, m, alpha }) => {
    const { cramersV, df } = chiSquare2xK({ a: champion, b: challenger });
    return {
      value: cramersV,
      noise: df > 0 ? Math.sqrt(chiSquareQuantile({ p: 1 - alpha, df }) / (n + m)) : 0,
    };
  },
};

/** In standard deviations of the champion, samples at the middles of their bins; doubled, because the unit cancels. */
function wasserstein({ champion, challenger, n, m, alpha, edges }: DriftInputs): DriftSize {
  const middles = champion.map((_, i) => edges[i] + edges[i + 1]);
  const base = shares(champion);
  const mean = middles.reduce((sum, x, i) => sum + base[i] * x, 0);
  const sd = Math.sqrt(middles.reduce((sum, x, i) => sum + base[i] * (x - mean) ** 2, 0));
  const area = wasserstein1Weighted({ x: middles, y: middles, wx: challenger, wy: champion });
  // Noise of the cumulative difference, integrated as if it moved as one: an upper bound of what it really does.
  let [spread, below] = [0, 0];
  for (let i = 0; i + 1 < middles.length; i++) {
    below += (champion[i] + challenger[i]) / (n + m);
    spread += Math.sqrt(Math.max(0, below * (1 - below))) * (middles[i + 1] - middles[i]);
  }
  const noise = normalQuantile({ p: 1 - alpha / 2 }) * spread * Math.sqrt(1 / n + 1 / m);
  return sd > 0 ? { value: area / sd, noise: noise / sd } : { value: area === 0 ? 0 : 1e9, noise: 0 };
}
