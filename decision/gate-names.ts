/**
 * Names under which the engine itself answers beside the gates: the rollback alarms, the split of traffic, an endpoint that
 * is not as it should be, and who is asked. A gate of such a name would stand in its place.
 */
export const RESERVED_GATE_NAMES: readonly string[] = [
  'alarms',
  'trafficSplit',
  'drift',
  'short',
  'metrics',
  'data',
  'gates',
];
