/** What CloudWatch says of one arm in one period: `Sum` and `SampleCount`. For counts the sum is the number of events. */
export interface Arm {
  readonly sum: number;
  readonly count: number;
}

/** One closed period of both arms. An arm that is null or left out said nothing: never "0 errors". */
export interface Period {
  /** Beginning of the period, in seconds since 1970. */
  readonly start: number;
  readonly challenger?: Arm | null;
  readonly champion?: Arm | null;
}

/** A stage as one rule sees it: every closed period so far, oldest first, gaps where periods were left out. */
export interface SeriesData {
  /** Length of a period. */
  readonly periodSeconds: number;
  /** End of the last period that had settled when the data was read, in seconds since 1970. */
  readonly asOf: number;
  readonly periods: readonly Period[];
  /**
   * The champion before the rollout, one entry a period, to measure its rate and how its errors cluster.
   *
   * @default - both are measured on the champion during the stage
   */
  readonly baseline?: readonly Arm[];
}

/** Options of every rule that judges a series. */
export interface SequentialOptions {
  /** Chance of failing a tolerable challenger, over the whole stage and every look. @default 0.01 */
  readonly alphaRollback?: number;
  /** Chance of passing an intolerable challenger, over the whole stage and every look. @default 0.01 */
  readonly alphaPromote?: number;
  /** Periods that the stage is planned to last. @default 1440 */
  readonly horizonPeriods?: number;
  /** Without data of every arm for longer than this the rule holds. @default 600 */
  readonly maximumSilenceSeconds?: number;
}

/** Options with their defaults filled in. */
export interface SequentialSettings {
  readonly alphaRollback: number;
  readonly alphaPromote: number;
  readonly horizonPeriods: number;
  readonly maximumSilenceSeconds: number;
}
