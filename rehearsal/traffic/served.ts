import type { Histogram } from '../cloudwatch/histogram';
import type { Fleet } from './fleet';

/** What one fleet answered in one segment of constant shares. Counts are whole requests. */
export interface Served {
  readonly fleet: Fleet;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly requests: number;
  readonly clientErrors: number;
  readonly errors: number;
  /** Errors beyond those that the champion's rate would have caused. */
  readonly badRequests: number;
  /** Responses slower than 1.5 times the champion's 99th percentile, beyond those that the champion would have sent. */
  readonly slowRequests: number;
  /** Microseconds. */
  readonly latencies: Histogram;
  /** Share of the fleet's capacity that was used. */
  readonly utilisation: number;
}
