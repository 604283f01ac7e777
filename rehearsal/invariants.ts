import type { WorldEvent } from './log';

interface LoggedShare {
  readonly fleet: string;
  readonly config: string;
  readonly model: string;
  readonly percent: number;
}

/** What the world's log says of one endpoint at one moment. */
class Ledger {
  public shares: readonly LoggedShare[] = [];
  /** Alarms of the update under way. */
  public alarms: readonly string[] = [];
}

/** Sums of shares that were multiplied may miss 100 by this. */
const ROUNDING = 1e-6;

/**
 * What must hold in every rehearsal, whatever the template, the strategy and the knobs. Read from the world's log
 * alone, so that nothing that the rehearsed code believes can hide a violation.
 *
 * @returns one sentence for each violation; none is good
 */
export function violations(events: readonly WorldEvent[]): string[] {
  const found: string[] = [];
  const endpoints = new Map<string, Ledger>();
  const instances = new Map<string, number>();
  const ledgerOf = (endpoint: unknown) => {
    const ledger = endpoints.get(String(endpoint)) ?? new Ledger();
    endpoints.set(String(endpoint), ledger);
    return ledger;
  };
  const all = () => [...endpoints.values()];

  for (const { event, data, at } of events) {
    const { endpoint, config, model, alarm, fleet } = data;
    const when = `at ${new Date(at).toISOString()}`;
    if (event === 'TrafficShifted') {
      const ledger = ledgerOf(endpoint);
      const before = ledger.shares;
      ledger.shares = data['shares'] as readonly LoggedShare[];
      const sum = ledger.shares.reduce((total, { percent }) => total + percent, 0);
      const served = before.length > 0 || ledger.shares.length > 0;
      if (served && ledger.shares.length > 0 && !(Math.abs(sum - 100) < ROUNDING)) {
        found.push(`the shares of ${endpoint} sum to ${sum} ${when}`);
      }
      for (const share of ledger.shares) {
        if (!(share.percent >= 0)) found.push(`${share.fleet} has a share of ${share.percent} ${when}`);
      }
    }
    if (fleet !== undefined && data['instances'] !== undefined) instances.set(String(fleet), Number(data['instances']));
    if (event === 'UpdateStarted') ledgerOf(endpoint).alarms = (data['alarms'] as readonly string[] | undefined) ?? [];
    if (event === 'UpdateRollbackFailed') ledgerOf(endpoint).alarms = [];
    if (event === 'UpdateFinished') {
      const ledger = ledgerOf(endpoint);
      ledger.alarms = [];
      const others = ledger.shares.filter((share) => share.config !== config);
      if (others.length > 0)
        found.push(`${endpoint} is said to serve ${config}, and ${others[0].config} serves ${when}`);
    }
    for (const { shares, alarms } of all()) {
      for (const share of shares) {
        if (!((instances.get(share.fleet) ?? 0) > 0)) found.push(`${share.fleet} serves and is not up ${when}`);
      }
      const gone = (event === 'EndpointConfigDeleted' && config) || (event === 'ModelDeleted' && model);
      if (gone && shares.some((share) => share.config === gone || share.model === gone)) {
        found.push(`${gone} serves and was deleted ${when}`);
      }
      if (event === 'AlarmDeleted' && alarms.includes(String(alarm))) {
        found.push(`alarm ${alarm} guards an update and was deleted ${when}`);
      }
    }
  }
  return [...new Set(found)];
}
