import { Accumulator } from './accumulator';
import { type Clamp, DifferenceTest, type Prior } from './difference-test';
import type { Block, Side } from './e-block';

/** Blocks and the test to run over them. */
export interface ProcessInputs {
  readonly blocks: readonly Block[];
  /** Tolerated excess of the challenger's rate, absolute. */
  readonly margin: number;
  /** Alternatives: excess rates on the harm side, fractions of the margin on the safe side. */
  readonly grid: readonly number[];
  readonly prior: Prior;
  /** @default - {@link weakClamp} */
  readonly clamp?: Clamp;
}

function trajectory(inputs: ProcessInputs, side: Side, read: (sum: Accumulator) => number): number[] {
  const test = new DifferenceTest(inputs.margin, side, inputs.grid, inputs.prior, inputs.clamp);
  const sum = new Accumulator(inputs.grid.length);
  return inputs.blocks.map(({ xb, nb, xa, na }) => {
    sum.add(test.step(xb, nb, xa, na));
    return read(sum);
  });
}

/** log E after every block: the plain e-process. */
export function eProcessLogTrajectory({ side, ...inputs }: ProcessInputs & { readonly side: Side }): number[] {
  return trajectory(inputs, side, (sum) => sum.logE);
}

/** log M after every block: the e-detector. */
export function shiryaevRobertsEDetectorLog(inputs: ProcessInputs): number[] {
  return trajectory(inputs, 'harm', (sum) => sum.logM);
}

/** log H after every block: the hybrid monitor, the default of this library. */
export function hybridHarmMonitorLog({
  horizonSteps,
  ...inputs
}: ProcessInputs & { readonly horizonSteps: number }): number[] {
  return trajectory(inputs, 'harm', (sum) => sum.logHybrid(horizonSteps));
}

/** Ville's inequality: an e-process that reaches this log rejects at level `alpha`, at whatever time. */
export function villeThreshold({ alpha }: { readonly alpha: number }): number {
  return -Math.log(alpha);
}

/** The p-value that an e-value stands for. */
export function eToP({ e }: { readonly e: number }): number {
  return Math.min(1, 1 / e);
}
