import type { Side } from '../scenario';
import type { Fleet } from './fleet';
import type { MinuteTruth, SideTruth } from './ground-truth';

/** The router's side of one endpoint: who gets which share, and what came of it. */
export interface EndpointTraffic {
  /** From now on these fleets serve; what the earlier ones did until now is counted first. */
  route(fleets: readonly Fleet[]): void;
  /** The scenario's changes count from now: the second deployment begins. */
  beginScenario(): void;
  /** Counts everything up to now. Call it before reading the truth. */
  settle(): void;
  /** Settles, and publishes nothing any more. */
  stop(): void;
  truth(side: Side): SideTruth;
  readonly minutes: readonly MinuteTruth[];
}
