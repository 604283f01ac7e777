/** Confusion counts of one facet. */
export interface Confusion {
  readonly TP: number;
  readonly FN: number;
  readonly FP: number;
  readonly TN: number;
}

/** A share as events among trials. */
export type Share = (facet: Confusion) => readonly [events: number, trials: number];

/**
 * Clarify's measures that are a difference of two shares, advantaged less disadvantaged or (`flip`) the reverse
 * (https://docs.aws.amazon.com/sagemaker/latest/dg/clarify-measure-post-training-bias.html).
 */
export const shareMeasures: Readonly<Record<string, { readonly share: Share; readonly flip: boolean }>> = {
  DPPL: { share: ({ TP, FN, FP, TN }) => [TP + FP, TP + FN + FP + TN], flip: false },
  RD: { share: ({ TP, FN }) => [TP, TP + FN], flip: false },
  SD: { share: ({ FP, TN }) => [TN, FP + TN], flip: true },
  DAR: { share: ({ TP, FP }) => [TP, TP + FP], flip: false },
  DRR: { share: ({ TN, FN }) => [TN, TN + FN], flip: true },
  AD: { share: ({ TP, FN, FP, TN }) => [TP + TN, TP + FN + FP + TN], flip: false },
};

/** All post-training measures that follow from two confusion matrices, by their SageMaker Clarify names. */
export function clarifyPostTrainingBias({
  facetD,
  facetA,
}: {
  readonly facetD: Confusion;
  readonly facetA: Confusion;
}) {
  const difference = (name: string) => {
    const { share, flip } = shareMeasures[name];
    const [xd, nd] = share(facetD);
    const [xa, na] = share(facetA);
    return flip ? xd / nd - xa / na : xa / na - xd / nd;
  };
  const accepted = ({ TP, FN, FP }: Confusion) => (TP + FN) / (TP + FP);
  const rejected = ({ TN, FP, FN }: Confusion) => (TN + FP) / (TN + FN);
  const treatment = ({ FN, FP }: Confusion) => FN / FP;
  const positive = ({ TP, FN, FP, TN }: Confusion) => (TP + FP) / (TP + FN + FP + TN);
  return {
    DPPL: difference('DPPL'),
    DI: positive(facetD) / positive(facetA),
    DCAcc: accepted(facetA) - accepted(facetD),
    DCR: rejected(facetD) - rejected(facetA),
    RD: difference('RD'),
    SD: difference('SD'),
    DAR: difference('DAR'),
    DRR: difference('DRR'),
    AD: difference('AD'),
    TE: treatment(facetD) - treatment(facetA),
    GE: generalizedEntropy(facetD, facetA),
  };
}

/** Inequality of the benefit "predicted - observed + 1" over everybody, order 2: 0 when all are treated alike. */
function generalizedEntropy(...facets: readonly Confusion[]): number {
  const all = (key: keyof Confusion) => facets.reduce((sum, facet) => sum + facet[key], 0);
  const n = all('TP') + all('FN') + all('FP') + all('TN');
  const right = all('TP') + all('TN');
  const mean = (right + 2 * all('FP')) / n;
  return ((right + 4 * all('FP')) / n / (mean * mean) - 1) / 2;
}

/** Four-fifths rule on disparate impact: 0.8 to 1.25, because an advantage turned round is an injustice too. */
export function fourFifths({ di }: { readonly di: number }): boolean {
  return di >= 0.8 && di <= 1 / 0.8;
}
