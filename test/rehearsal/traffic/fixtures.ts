import { MetricStore } from '../../../rehearsal/cloudwatch/metric-store';
import type { Behaviour, Scenario } from '../../../rehearsal/scenario';
import { Clock } from '../../../rehearsal/time/clock';
import type { Fleet } from '../../../rehearsal/traffic/fleet';
import { Traffic } from '../../../rehearsal/traffic/traffic';
import { NO_NOISE, type TrafficOptions } from '../../../rehearsal/traffic/traffic-options';

export const GOOD: Behaviour = {
  errorRate: 0.001,
  clientErrorRate: 0.01,
  latencyP50: 40,
  latencyP99: 120,
  capacityPerInstance: 100,
  startup: 'healthy',
};

export const scenario = (changed: Partial<Scenario> = {}): Scenario => ({
  name: 'test',
  description: '',
  requestsPerSecond: 100,
  champion: GOOD,
  challenger: GOOD,
  changes: [],
  people: [],
  expect: { outcome: 'promoted' },
  ...changed,
});

export const blue = (share: number, instances = 4): Fleet => ({
  side: 'champion',
  variantName: 'a',
  endpointConfigName: 'config-1',
  instances,
  share,
});
export const green = (share: number, instances = 4): Fleet => ({
  ...blue(share, instances),
  side: 'challenger',
  endpointConfigName: 'config-2',
});

export function world(changed: Partial<Scenario> = {}, options: Partial<TrafficOptions> = {}) {
  const clock = new Clock();
  const store = options.store ?? new MetricStore({ publishLagSeconds: 0 });
  const traffic = new Traffic({
    clock,
    seed: 7,
    store,
    scenario: scenario(changed),
    endpointName: 'fraud',
    noise: NO_NOISE,
    ...options,
  });
  const start = clock.now();
  return {
    clock,
    store,
    traffic,
    start,
    minutes: (count: number) => clock.advanceTo(clock.now() + count * 60_000),
    /** All visible samples of an invocation metric since the start. */
    samples: (metricName: string, dimensions: Record<string, string>, namespace = 'AWS/SageMaker') => {
      const series = store.find(
        { namespace, metricName, dimensions: { EndpointName: 'fraud', ...dimensions } },
        undefined,
      );
      return series[0]?.read(start, clock.now() + 1, clock.now());
    },
  };
}
