import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStatistic } from '../../../rehearsal/cloudwatch/statistic';
import { DEFAULT_NOISE } from '../../../rehearsal/traffic/traffic-options';
import { blue, GOOD, green, world } from './fixtures';

const VARIANT = { VariantName: 'a' };
const CONFIG_1 = { ...VARIANT, EndpointConfigName: 'config-1' };
const CONFIG_2 = { ...VARIANT, EndpointConfigName: 'config-2' };

describe('the metrics of an endpoint', () => {
  it('count every request once per variant and once per fleet', () => {
    const { traffic, samples, minutes } = world();
    traffic.route([blue(0.75), green(0.25)]);
    minutes(10);
    const all = samples('Invocations', VARIANT);
    expect(all.sum).toBe(traffic.truth('champion').requests + traffic.truth('challenger').requests);
    expect(samples('Invocations', CONFIG_1).sum).toBe(traffic.truth('champion').requests);
    expect(samples('Invocations', CONFIG_2).sum).toBe(traffic.truth('challenger').requests);
    // 100 a second for 600 seconds: 60,000, with a standard deviation of 245.
    expect(Math.abs(all.sum - 60_000)).toBeLessThan(5 * 245);
    expect(Math.abs(samples('Invocations', CONFIG_2).sum - 15_000)).toBeLessThan(5 * 122);
  });

  it('send 0 or 1 a request for errors, so that their Average is a rate', () => {
    const { traffic, samples, minutes } = world({ challenger: { ...GOOD, errorRate: 0.3, clientErrorRate: 0.1 } });
    traffic.route([green(1)]);
    minutes(10);
    const average = (metric: string) => parseStatistic('Average')?.of(samples(metric, CONFIG_2));
    expect(average('Invocation5XXErrors')).toBeCloseTo(0.3, 2);
    expect(average('Invocation4XXErrors')).toBeCloseTo(0.1, 2);
    expect(average('InvocationModelErrors')).toBeCloseTo(0.4, 2);
    expect(samples('Invocation5XXErrors', CONFIG_2).sampleCount).toBe(samples('Invocations', CONFIG_2).sum);
  });

  it('give latencies in microseconds, through the median and the 99th percentile of the scenario', () => {
    const { traffic, samples, minutes } = world({ challenger: { ...GOOD, latencyP50: 80, latencyP99: 400 } });
    // Half a percent of its capacity: no queue.
    traffic.route([green(1, 200)]);
    minutes(20);
    const latencies = samples('ModelLatency', CONFIG_2);
    const within = (name: string, expected: number) => {
      const value = parseStatistic(name)?.of(latencies) ?? 0;
      expect(Math.abs(value / expected - 1)).toBeLessThan(0.03);
    };
    within('p50', 80_000);
    within('p99', 400_000);
    expect(parseStatistic('TC(400000:)')?.of(latencies) ?? 0).toBeGreaterThan(0.008 * latencies.sampleCount);
    expect(parseStatistic('TC(400000:)')?.of(latencies) ?? 0).toBeLessThan(0.012 * latencies.sampleCount);
  });

  it('give invocations per active instance', () => {
    const { traffic, samples, minutes } = world();
    traffic.route([blue(0.5, 4), green(0.5, 4)]);
    minutes(2);
    const total = samples('Invocations', VARIANT).sum;
    expect(samples('InvocationsPerInstance', VARIANT).sum).toBeCloseTo(total / 8, 6);
    expect(samples('InvocationsPerInstance', CONFIG_1).sum).toBeCloseTo(samples('Invocations', CONFIG_1).sum / 4, 6);
  });

  it('give resources per variant only, GPU only for instances that have one', () => {
    const resources = '/aws/sagemaker/Endpoints';
    const { traffic, samples, minutes } = world();
    traffic.route([{ ...blue(1), instanceType: 'ml.g5.xlarge' }]);
    minutes(3);
    expect(samples('CPUUtilization', VARIANT, resources).sampleCount).toBe(12);
    expect(samples('GPUUtilization', VARIANT, resources).sampleCount).toBe(12);
    expect(samples('CPUUtilization', CONFIG_1, resources)).toBeUndefined();
    const plain = world();
    plain.traffic.route([{ ...blue(1), instanceType: 'ml.m5.xlarge' }]);
    plain.minutes(3);
    expect(plain.samples('GPUUtilization', VARIANT, resources)).toBeUndefined();
  });

  it('leave the dimension EndpointConfigName out, or begin with it late, as the knob says', () => {
    const never = world({}, { endpointConfigMetrics: 'never' });
    never.traffic.route([green(1)]);
    never.minutes(10);
    expect(never.samples('Invocations', CONFIG_2)).toBeUndefined();
    expect(never.samples('Invocations', VARIANT).sampleCount).toBeGreaterThan(0);
    const late = world({}, { endpointConfigMetrics: 'late' });
    late.traffic.route([green(1)]);
    late.minutes(4);
    expect(late.samples('Invocations', CONFIG_2).sampleCount).toBe(0);
    late.minutes(2);
    expect(late.samples('Invocations', CONFIG_2).sum).toBe(late.traffic.truth('challenger').requests);
  });

  it('publish zeros or nothing when nobody calls, as the knob says', () => {
    const silent = { changes: [{ atSeconds: 60, requestsPerSecond: 0 }] };
    for (const zeroTraffic of ['zeros', 'nothing'] as const) {
      const { traffic, samples, minutes, start, store, clock } = world(silent, { zeroTraffic });
      traffic.beginScenario();
      traffic.route([blue(1)]);
      minutes(3);
      const id = { namespace: 'AWS/SageMaker', dimensions: { EndpointName: 'fraud', ...VARIANT } };
      const quiet = (metricName: string) =>
        store.find({ ...id, metricName }, undefined)[0].read(start + 60_000, start + 180_000, clock.now());
      expect(quiet('Invocations').sampleCount).toBe(zeroTraffic === 'zeros' ? 2 : 0);
      expect(quiet('Invocations').sum).toBe(0);
      expect(quiet('Invocation5XXErrors').sampleCount).toBe(zeroTraffic === 'zeros' ? 2 : 0);
      expect(quiet('ModelLatency').sampleCount).toBe(0);
      expect(samples('Invocations', VARIANT).sum).toBeGreaterThan(0);
    }
  });
});

describe('the ground truth', () => {
  it("calls errors beyond the champion's rate bad, and no others", () => {
    const same = world({ champion: { ...GOOD, errorRate: 0.05 }, challenger: { ...GOOD, errorRate: 0.05 } });
    same.traffic.route([blue(0.5), green(0.5)]);
    same.minutes(10);
    expect(same.traffic.truth('challenger').errors).toBeGreaterThan(0);
    expect(same.traffic.truth('challenger').badRequests).toBe(0);
    expect(same.traffic.truth('challenger').firstBadAt).toBeUndefined();

    const worse = world({ champion: { ...GOOD, errorRate: 0.05 }, challenger: { ...GOOD, errorRate: 0.2 } });
    worse.traffic.route([blue(0.5), green(0.5)]);
    worse.minutes(10);
    const { errors, badRequests, requests } = worse.traffic.truth('challenger');
    expect(badRequests).toBeLessThan(errors);
    expect(badRequests / requests).toBeCloseTo(0.15, 1);
    expect(worse.traffic.truth('champion').badRequests).toBe(0);
  });

  it('knows within a minute when the first bad response was sent', () => {
    const { traffic, clock, start } = world({ challenger: { ...GOOD, errorRate: 0.3 } });
    traffic.route([blue(1)]);
    clock.advanceTo(start + 90_500);
    traffic.route([blue(0.9), green(0.1)]);
    clock.advanceTo(start + 150_000);
    traffic.settle();
    const { firstBadAt } = traffic.truth('challenger');
    // 3 bad responses a second: the first within some seconds.
    expect(firstBadAt).toBeGreaterThan(start + 90_500);
    expect(firstBadAt).toBeLessThan(start + 96_000);
  });

  it("counts responses slower than 1.5 times the champion's p99, beyond the champion's own, apart from bad requests", () => {
    const { traffic, minutes, start } = world({ challenger: { ...GOOD, latencyP99: 240 } });
    traffic.route([blue(0.5, 200), green(0.5, 200)]);
    minutes(10);
    const [champion, challenger] = [traffic.truth('champion'), traffic.truth('challenger')];
    expect(champion.slowRequests).toBe(0);
    expect(champion.firstSlowAt).toBeUndefined();
    expect(challenger.badRequests).toBe(0);
    // Of the log-normals through 40 and 120 ms, and 40 and 240 ms, 0.07 % and 2.54 % are above 180 ms.
    expect(challenger.slowRequests / challenger.requests).toBeGreaterThan(0.022);
    expect(challenger.slowRequests / challenger.requests).toBeLessThan(0.028);
    expect(challenger.firstSlowAt).toBeGreaterThanOrEqual(start);
    expect(challenger.firstSlowAt).toBeLessThan(start + 60_000);
  });

  it('adds up, whatever the behaviour', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const behaviour = fc.record({
      errorRate: share,
      clientErrorRate: share,
      latencyP50: fc.integer({ min: 1, max: 60_000 }),
    });
    fc.assert(
      fc.property(behaviour, fc.nat(5), fc.nat(3000), share, (given, instances, requestsPerSecond, part) => {
        const challenger = { ...GOOD, ...given, latencyP99: given.latencyP50 * 3 };
        const { traffic, minutes, samples } = world({ challenger, requestsPerSecond }, { noise: DEFAULT_NOISE });
        traffic.route([blue(1 - part), green(part, instances)]);
        minutes(2);
        const { requests, errors, badRequests, slowRequests } = traffic.truth('challenger');
        for (const count of [requests, errors, badRequests, slowRequests]) expect(Number.isInteger(count)).toBe(true);
        expect(badRequests).toBeLessThanOrEqual(errors);
        expect(errors).toBeLessThanOrEqual(requests);
        expect(slowRequests).toBeLessThanOrEqual(requests);
        if (requests === 0) return;
        const failed = samples('InvocationModelErrors', CONFIG_2).sum;
        expect(failed).toBe(samples('Invocation4XXErrors', CONFIG_2).sum + errors);
        expect(failed).toBeLessThanOrEqual(requests);
        expect(samples('ModelLatency', CONFIG_2).sampleCount).toBe(requests);
        if (instances === 0) expect(errors).toBe(requests);
      }),
      { numRuns: 60 },
    );
  });

  it('has one entry a minute and side for the plots', () => {
    const { traffic, minutes } = world();
    traffic.route([blue(0.5, 100), green(0.5, 100)]);
    minutes(5);
    expect(traffic.minutes.map(({ side }) => side)).toEqual(Array(5).fill(['champion', 'challenger']).flat());
    const requests = traffic.minutes.reduce((sum, minute) => sum + minute.requests, 0);
    expect(requests).toBe(traffic.truth('champion').requests + traffic.truth('challenger').requests);
    for (const minute of traffic.minutes) {
      expect(minute.latencyP50).toBeGreaterThan(35);
      expect(minute.latencyP50).toBeLessThan(45);
      expect(minute.latencyP99).toBeGreaterThan(80);
      expect(minute.latencyP99).toBeLessThan(180);
    }
  });

  it('leaves shadows out, which publish metrics all the same', () => {
    const { traffic, minutes, samples } = world({ challenger: { ...GOOD, errorRate: 1 } });
    traffic.route([blue(1), { ...green(0.5), variantName: 'shadow', shadow: true }]);
    minutes(5);
    expect(traffic.truth('challenger').requests).toBe(0);
    expect(traffic.truth('challenger').badRequests).toBe(0);
    const mirrored = samples('Invocation5XXErrors', { VariantName: 'shadow' }).sum;
    expect(Math.abs(mirrored / traffic.truth('champion').requests - 0.5)).toBeLessThan(0.02);
  });

  it('changes behaviour at the second that the scenario says, after the second deployment began', () => {
    const changes = [{ atSeconds: 90, challenger: { errorRate: 1 } }];
    const { traffic, clock, start } = world({ changes });
    traffic.route([green(1)]);
    clock.advanceTo(start + 300_000);
    traffic.settle();
    expect(traffic.truth('challenger').badRequests).toBe(0);
    traffic.beginScenario();
    clock.advanceTo(start + 600_000);
    traffic.settle();
    expect(traffic.truth('challenger').firstBadAt).toBeGreaterThanOrEqual(start + 390_000);
    expect(traffic.truth('challenger').firstBadAt).toBeLessThan(start + 391_000);
    expect(Math.abs(traffic.truth('challenger').badRequests - 21_000)).toBeLessThan(1000);
  });
});

describe('load and noise', () => {
  it('saturate a fleet that is too small: slow first, then refusing', () => {
    const p99 = (instances: number) => {
      const { traffic, minutes, samples } = world();
      traffic.route([blue(1, instances)]);
      minutes(5);
      return {
        p99: (parseStatistic('p99')?.of(samples('ModelLatency', CONFIG_1)) ?? 0) / 1000,
        errorRate: traffic.truth('champion').errors / traffic.truth('champion').requests,
      };
    };
    expect(p99(100).p99).toBeLessThan(125);
    expect(p99(1).p99).toBeGreaterThan(1000);
    const half = world({ requestsPerSecond: 200 });
    half.traffic.route([blue(1, 1)]);
    half.minutes(5);
    const { errors, requests } = half.traffic.truth('champion');
    expect(errors / requests).toBeCloseTo(0.5, 1);
  });

  it('slow a fleet that has just begun to serve, for half a minute', () => {
    const noise = {
      ...DEFAULT_NOISE,
      demandVariation: 0,
      latencyVariation: 0,
      errorCorrelation: 0,
      coldStartFactor: 4,
    };
    const { traffic, minutes } = world({}, { noise });
    traffic.route([blue(1, 100)]);
    minutes(2);
    traffic.route([blue(0.5, 100), green(0.5, 100)]);
    minutes(3);
    const p99 = (side: string) => traffic.minutes.filter((m) => m.side === side).map((m) => m.latencyP99);
    const [cold, ...warm] = p99('challenger');
    expect(cold).toBeGreaterThan(2 * Math.max(...warm));
    expect(p99('champion')[0]).toBeGreaterThan(2 * p99('champion')[1]);
    expect(Math.max(...p99('champion').slice(1))).toBeLessThan(180);
  });

  it('spread errors and demand more than independent requests would', () => {
    const dispersion = (noise: typeof DEFAULT_NOISE) => {
      const { traffic, minutes } = world({ champion: { ...GOOD, errorRate: 0.05 }, requestsPerSecond: 20 }, { noise });
      traffic.route([blue(1, 100)]);
      minutes(2000);
      const list = traffic.minutes;
      const rate = list.map((m) => (m.errors - 0.05 * m.requests) ** 2 / (m.requests * 0.05 * 0.95));
      const demand = list.map((m) => (m.requests - 1200) ** 2 / 1200);
      const mean = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
      return { errors: mean(rate), demand: mean(demand) };
    };
    const noise = { ...DEFAULT_NOISE, demandVariation: 0.1, errorCorrelation: 2 / 1199 };
    const noisy = dispersion(noise);
    expect(noisy.errors).toBeGreaterThan(2.6);
    expect(noisy.errors).toBeLessThan(3.4);
    // 1 + 1200 * 0.1^2 = 13
    expect(noisy.demand).toBeGreaterThan(11);
    expect(noisy.demand).toBeLessThan(15);
    const calm = dispersion({ ...noise, demandVariation: 0, errorCorrelation: 0 });
    expect(calm.errors).toBeLessThan(1.15);
    expect(calm.demand).toBeLessThan(1.15);
  });
});

describe('determinism', () => {
  it('gives the same bytes for the same seed, and others for another', () => {
    const run = (seed: number) => {
      const { traffic, minutes } = world({ challenger: { ...GOOD, errorRate: 0.3 } }, { seed, noise: DEFAULT_NOISE });
      traffic.route([blue(0.9), green(0.1)]);
      minutes(20);
      return JSON.stringify([traffic.minutes, traffic.truth('challenger')]);
    };
    expect(run(1)).toBe(run(1));
    expect(run(1)).not.toBe(run(2));
  });

  it('does not change demand when a model errs more', () => {
    const requests = (errorRate: number) => {
      const { traffic, minutes } = world({ champion: { ...GOOD, errorRate } }, { noise: DEFAULT_NOISE });
      traffic.route([blue(0.9), green(0.1)]);
      minutes(20);
      return traffic.minutes.map((minute) => minute.requests);
    };
    expect(requests(0)).toEqual(requests(0.4));
  });

  it('loses no request, however shares move', () => {
    const step = fc.record({
      seconds: fc.integer({ min: 1, max: 200 }),
      green: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
        const { traffic, clock, samples } = world({}, { noise: DEFAULT_NOISE });
        for (const { seconds, green: share } of steps) {
          traffic.route([blue(1 - share), green(share)]);
          clock.advanceTo(clock.now() + seconds * 1000);
        }
        traffic.stop();
        clock.advanceTo(clock.now() + 120_000);
        const truth = (['champion', 'challenger'] as const).map((side) => traffic.truth(side).requests);
        expect(samples('Invocations', VARIANT).sum).toBe(truth[0] + truth[1]);
        expect(samples('ModelLatency', VARIANT).sampleCount).toBe(truth[0] + truth[1]);
        expect(truth[0] + truth[1]).toBeGreaterThan(0);
      }),
      { numRuns: 40 },
    );
  });
});
