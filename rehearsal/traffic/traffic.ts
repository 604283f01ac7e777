import type { Scenario, Side } from '../scenario';
import type { Clock, Timer } from '../time/clock';
import { type RandomStream, randomStream } from '../time/random';
import { type BehaviourNow, behaviourAt } from './behaviour-now';
import { EndpointMetrics } from './endpoint-metrics';
import type { EndpointTraffic } from './endpoint-traffic';
import type { Fleet } from './fleet';
import type { MinuteTruth, SideTruth } from './ground-truth';
import { binomial, gamma, poisson } from './samplers';
import { type ServingStreams, serve } from './serve';
import type { Served } from './served';
import { publishServiceMetrics } from './service-metrics';
import { DEFAULT_NOISE, type Noise, type TrafficOptions } from './traffic-options';
import { TruthLedger } from './truth-ledger';

const MINUTE = 60_000;

/** A fleet that serves, and until when how many of its instances are cold. */
interface Serving {
  readonly fleet: Fleet;
  readonly coldInstances: number;
  readonly coldUntil: number;
}

/**
 * The traffic of one endpoint in virtual time. Time is cut into segments in which nothing changes: at every minute,
 * change of shares, change of the scenario, and when new instances are warm. Each segment is drawn at its end, at once.
 */
// source: model-traffic
export class Traffic implements EndpointTraffic {
  private readonly clock: Clock;
  private readonly scenario: Scenario;
  private readonly noise: Noise;
  private readonly metrics: EndpointMetrics;
  private readonly ledger: TruthLedger;
  private readonly streams: ServingStreams;
  private readonly demand: RandomStream;
  private readonly arrivals: RandomStream;
  private readonly routing: RandomStream;
  private readonly service: RandomStream;

  private serving: readonly Serving[] = [];
  private since: number;
  private scenarioBegan: number | undefined;
  private minute: number;
  private demandFactor: number;
  private lastSegment: readonly Served[] = [];
  private readonly timers = new Set<Timer>();

  public constructor(private readonly options: TrafficOptions) {
    const { clock, seed, scenario, endpointName, store } = options;
    const stream = (concern: string) => randomStream(seed, `traffic/${endpointName}/${concern}`);
    this.clock = clock;
    this.scenario = scenario;
    this.noise = options.noise ?? DEFAULT_NOISE;
    this.metrics = new EndpointMetrics({
      store,
      endpointName,
      endpointConfigMetrics: options.endpointConfigMetrics ?? 'published',
      zeroTraffic: options.zeroTraffic ?? 'nothing',
      random: stream('overhead'),
    });
    this.ledger = new TruthLedger(stream('moments'));
    this.streams = { outcomes: stream('outcomes'), latencies: stream('latencies') };
    this.demand = stream('demand');
    this.arrivals = stream('arrivals');
    this.routing = stream('routing');
    this.service = stream('service');
    this.since = clock.now();
    this.minute = Math.floor(this.since / MINUTE);
    this.demandFactor = this.drawDemand();
    this.everyMinute();
  }

  public route(fleets: readonly Fleet[]): void {
    this.settle();
    const now = this.clock.now();
    const { coldStartSeconds } = this.noise;
    this.serving = fleets
      .filter((fleet) => fleet.share > 0)
      .map((fleet) => {
        const before = this.serving.find((other) => sameFleet(other.fleet, fleet));
        const stillCold = before !== undefined && before.coldUntil > now ? before.coldInstances : 0;
        const added = Math.max(0, fleet.instances - (before?.fleet.instances ?? 0));
        if (added === 0) return { fleet, coldInstances: stillCold, coldUntil: before?.coldUntil ?? now };
        const coldUntil = now + coldStartSeconds * 1000;
        this.settleAt(coldUntil);
        return { fleet, coldInstances: Math.min(fleet.instances, added + stillCold), coldUntil };
      });
  }

  public beginScenario(): void {
    this.settle();
    this.scenarioBegan = this.clock.now();
    for (const { atSeconds } of this.scenario.changes) this.settleAt(this.scenarioBegan + atSeconds * 1000);
  }

  public settle(): void {
    const from = this.since;
    const to = this.clock.now();
    if (to <= from) return;
    const now = this.now(from);
    const segment = this.draw(from, to, now);
    this.since = to;
    if (segment.length > 0) this.lastSegment = segment;
    this.metrics.publish(segment);
    publishServiceMetrics(this.options.store, this.service, now.metrics, segment);
    this.options.onSegment?.(segment, now);
  }

  public stop(): void {
    this.settle();
    for (const timer of this.timers) this.clock.cancel(timer);
    this.serving = [];
  }

  public truth(side: Side): SideTruth {
    return this.ledger.of(side);
  }

  public get minutes(): readonly MinuteTruth[] {
    return this.ledger.minutes;
  }

  private now(at: number): BehaviourNow {
    return behaviourAt(this.scenario, this.scenarioBegan === undefined ? undefined : (at - this.scenarioBegan) / 1000);
  }

  private draw(from: number, to: number, now: BehaviourNow): readonly Served[] {
    const live = this.serving.filter(({ fleet }) => fleet.shadow !== true);
    let shareLeft = live.reduce((sum, { fleet }) => sum + fleet.share, 0);
    if (shareLeft === 0) return [];
    const rate = now.requestsPerSecond * this.demandFactor;
    const total = poisson(this.arrivals, (rate * (to - from)) / 1000);
    let left = total;
    const segment: Served[] = [];
    for (const serving of live) {
      const { share } = serving.fleet;
      const requests = share >= shareLeft - 1e-12 ? left : binomial(this.routing, left, share / shareLeft);
      left -= requests;
      shareLeft -= share;
      const served = this.serveOne(serving, from, to, requests, rate, now);
      segment.push(served);
      this.ledger.add(served);
    }
    for (const serving of this.serving) {
      if (serving.fleet.shadow !== true) continue;
      const requests = binomial(this.routing, total, serving.fleet.share);
      segment.push(this.serveOne(serving, from, to, requests, rate, now));
    }
    return segment;
  }

  private serveOne(
    { fleet, coldInstances, coldUntil }: Serving,
    from: number,
    to: number,
    requests: number,
    rate: number,
    now: BehaviourNow,
  ): Served {
    const assignment = {
      fleet,
      from,
      to,
      requests,
      requestsPerSecond: rate * fleet.share,
      behaviour: now[fleet.side],
      champion: now.champion,
      coldShare: from < coldUntil ? coldInstances / Math.max(1, fleet.instances) : 0,
    };
    return serve(assignment, this.noise, this.streams);
  }

  /** Demand differs from minute to minute beyond chance, for every fleet alike. */
  // source: model-overdispersion
  private drawDemand(): number {
    const { demandVariation } = this.noise;
    if (!(demandVariation > 0)) return 1;
    const shape = 1 / demandVariation ** 2;
    return gamma(this.demand, shape) / shape;
  }

  private everyMinute(): void {
    this.at((this.minute + 1) * MINUTE, () => {
      this.settle();
      const began = this.minute * MINUTE;
      const serves = (fleet: Fleet) => this.serving.some((other) => sameFleet(other.fleet, fleet));
      this.metrics.closeMinute(
        began,
        this.lastSegment.filter(({ fleet }) => serves(fleet)),
      );
      this.minute++;
      this.demandFactor = this.drawDemand();
      this.everyMinute();
    });
  }

  private settleAt(time: number): void {
    this.at(time, () => this.settle());
  }

  private at(time: number, work: () => void): void {
    const timer = this.clock.at(time, () => {
      this.timers.delete(timer);
      work();
    });
    this.timers.add(timer);
  }
}

function sameFleet(a: Fleet, b: Fleet): boolean {
  return (
    a.endpointConfigName === b.endpointConfigName &&
    a.variantName === b.variantName &&
    (a.shadow ?? false) === (b.shadow ?? false)
  );
}
