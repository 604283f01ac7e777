import { Histogram } from '../cloudwatch/histogram';
import { parseStatistic } from '../cloudwatch/statistic';
import type { Side } from '../scenario';
import type { RandomStream } from '../time/random';
import type { MinuteTruth, SideTruth } from './ground-truth';
import type { Served } from './served';

const MINUTE = 60_000;
const SIDES: readonly Side[] = ['champion', 'challenger'];
const NOTHING: SideTruth = {
  requests: 0,
  errors: 0,
  badRequests: 0,
  slowRequests: 0,
  firstBadAt: undefined,
  firstSlowAt: undefined,
};

/** Keeps the account of what callers really got. Shadows answer nobody, so they are never in it. */
export class TruthLedger {
  private readonly totals: Record<Side, SideTruth> = { champion: NOTHING, challenger: NOTHING };
  private readonly byMinute = new Map<number, Served[]>();

  /** Draws when, within a segment, the first bad response was sent. */
  public constructor(private readonly random: RandomStream) {}

  public of(side: Side): SideTruth {
    return this.totals[side];
  }

  public add(served: Served): void {
    const { side } = served.fleet;
    const before = this.totals[side];
    this.totals[side] = {
      requests: before.requests + served.requests,
      errors: before.errors + served.errors,
      badRequests: before.badRequests + served.badRequests,
      slowRequests: before.slowRequests + served.slowRequests,
      firstBadAt: earlier(before.firstBadAt, this.firstOf(served, served.badRequests)),
      firstSlowAt: earlier(before.firstSlowAt, this.firstOf(served, served.slowRequests)),
    };
    const minute = Math.floor(served.from / MINUTE) * MINUTE;
    const segments = this.byMinute.get(minute);
    if (segments === undefined) this.byMinute.set(minute, [served]);
    else segments.push(served);
  }

  /** Every minute and side in which something was answered; made when somebody asks. */
  public get minutes(): readonly MinuteTruth[] {
    const minutes: MinuteTruth[] = [];
    for (const [at, segments] of this.byMinute) {
      for (const side of SIDES) {
        const parts = segments.filter(({ fleet, requests }) => fleet.side === side && requests > 0);
        if (parts.length > 0) minutes.push(minuteOf(at, side, parts));
      }
    }
    return minutes;
  }

  /** The earliest of `count` moments that are spread evenly over the segment. */
  private firstOf({ from, to }: Served, count: number): number | undefined {
    if (count === 0) return undefined;
    return from + (to - from) * (1 - (1 - this.random()) ** (1 / count));
  }
}

function minuteOf(at: number, side: Side, parts: readonly Served[]): MinuteTruth {
  const latencies = Histogram.merge(parts.map((part) => part.latencies));
  return {
    at,
    side,
    requests: parts.reduce((sum, part) => sum + part.requests, 0),
    errors: parts.reduce((sum, part) => sum + part.errors, 0),
    latencyP50: percentile('p50', latencies),
    latencyP99: percentile('p99', latencies),
  };
}

function earlier(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}

const percentile = (name: string, latencies: Histogram): number => (parseStatistic(name)?.of(latencies) ?? 0) / 1000;
