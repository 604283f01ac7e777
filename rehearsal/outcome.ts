import type { OutcomeKind, Side } from './scenario';

/** One thing that happened, in the order it happened. Times are seconds after the second deployment began. */
export interface TimelineEntry {
  readonly atSeconds: number;
  /** Who: `cloudformation`, `sagemaker`, `cloudwatch`, `lambda`, `router`, ... */
  readonly source: string;
  /** A stable word for what happened, such as `BakingStarted`, `AlarmStateChanged`, `TrafficShifted`. */
  readonly event: string;
  /** One line for a person. */
  readonly detail: string;
  /** The challenger's share of live traffic right after it, 0-100. */
  readonly challengerPercent: number;
}

/** A gate's or an alarm's word on the challenger during the rehearsal. */
export interface VerdictEntry {
  readonly atSeconds: number;
  readonly by: string;
  readonly kind: 'pass' | 'fail' | 'hold';
  readonly reason: string;
}

/** One minute of what both fleets served, for the plots. Latencies in milliseconds. */
export interface Sample {
  readonly atSeconds: number;
  readonly side: Side;
  readonly requests: number;
  readonly errors: number;
  readonly latencyP50: number;
  readonly latencyP99: number;
}

/** A setting of one undocumented AWS behaviour that this run assumed. */
export interface Assumption {
  readonly knob: string;
  readonly setting: string;
}

/** What came of one rehearsal: the JSON that `rollouts rehearse --json` prints. */
export interface Outcome {
  readonly schemaVersion: 1;
  readonly stack: string;
  readonly endpoint: string;
  readonly strategy: string;
  readonly scenario: string;
  readonly seed: number;
  readonly outcome: OutcomeKind;
  /** Why it ended so, one sentence. */
  readonly reason: string;
  /** Which version's config serves 100 % at the end; `mixed` after a rollback that failed, `none` when nothing serves. */
  readonly servedConfig: Side | 'mixed' | 'none';
  /** First bad response of the challenger at the router; null when there was none. */
  readonly onsetSeconds: number | null;
  /** From onset to the first ALARM or `fail` that was visible. */
  readonly detectSeconds: number | null;
  /** From onset to the beginning of the rollback. */
  readonly decideSeconds: number | null;
  /** From the decision to a challenger's share of 0 at the router. */
  readonly restoreSeconds: number | null;
  /** From the decision to a passed verification. */
  readonly confirmSeconds: number | null;
  /** From the start of the second deployment to its end. */
  readonly totalSeconds: number;
  /** Bad responses by the challenger that callers saw beyond what the champion would have given. */
  readonly badRequests: number;
  /** Responses that took longer than 1.5 times the champion's 99th percentile, while the challenger is slower than that. */
  readonly slowRequests: number;
  readonly requests: number;
  /** Broken invariants of the world, such as a served config that was deleted; none is good. */
  readonly violations: readonly string[];
  readonly timeline: readonly TimelineEntry[];
  readonly verdicts: readonly VerdictEntry[];
  readonly samples: readonly Sample[];
  readonly assumptions: readonly Assumption[];
}

/** How one row of the knob matrix ended. */
export interface MatrixRow
  extends Pick<
    Outcome,
    | 'outcome'
    | 'servedConfig'
    | 'detectSeconds'
    | 'decideSeconds'
    | 'restoreSeconds'
    | 'confirmSeconds'
    | 'totalSeconds'
    | 'badRequests'
    | 'slowRequests'
  > {
  /** The settings that are not the default. */
  readonly assumptions: readonly Assumption[];
  /** It ended as the scenario expects, or held a good model back under a setting that may do so. */
  readonly asExpected: boolean;
}

/** One scenario over every row of the knob matrix. */
export interface MatrixOutcome {
  readonly schemaVersion: 1;
  /** The row with every knob at its default. */
  readonly baseline: Outcome;
  readonly rows: number;
  /** In every row a bad model does not end serving. */
  readonly safe: boolean;
  /** In every row a good model is promoted. */
  readonly live: boolean;
  /** Every row, the baseline first. */
  readonly matrix: readonly MatrixRow[];
  /** Rows that did not end as the scenario expects, with the setting that decides it. */
  readonly failures: readonly {
    readonly assumptions: readonly Assumption[];
    readonly outcome: Outcome;
    readonly decidedBy: Assumption | null;
  }[];
}
