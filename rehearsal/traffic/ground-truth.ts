import type { Side } from '../scenario';

/** What callers really got from one side, whatever any metric says. */
export interface SideTruth {
  /** Requests answered to callers; a shadow's are none. */
  readonly requests: number;
  /** Responses with 5xx. */
  readonly errors: number;
  /**
   * Bad requests: responses with 5xx beyond the rate that the scenario gives the champion at that time. Errors that
   * the champion's rate would have caused anyhow are nobody's harm.
   */
  readonly badRequests: number;
  /**
   * Latency harm, counted apart: responses slower than 1.5 times the champion's 99th percentile, beyond those that
   * the champion's own behaviour would have caused.
   */
  readonly slowRequests: number;
  /** When the first bad response was sent, milliseconds since 1970; `undefined` while there is none. */
  readonly firstBadAt: number | undefined;
  /** When the first of the slow responses was sent; `undefined` while there is none. */
  readonly firstSlowAt: number | undefined;
}

/** One minute of one side, for the plots. Latencies in milliseconds; 0 where nothing was answered. */
export interface MinuteTruth {
  /** Begin of the minute, milliseconds since 1970. */
  readonly at: number;
  readonly side: Side;
  readonly requests: number;
  readonly errors: number;
  readonly latencyP50: number;
  readonly latencyP99: number;
}
