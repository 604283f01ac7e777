import { Histogram } from '../cloudwatch/histogram';
import type { Behaviour } from '../scenario';
import type { RandomStream } from '../time/random';
import type { Fleet } from './fleet';
import { drawLatencies, shareAbove } from './latency';
import { loadEffect, utilisationOf } from './load';
import { beta, binomial, normal } from './samplers';
import type { Served } from './served';
import type { Noise } from './traffic-options';

/** One stream a concern: a model that errs more does not change how many requests come, nor how slow they are. */
export interface ServingStreams {
  readonly outcomes: RandomStream;
  readonly latencies: RandomStream;
}

/** One fleet, what it has to answer, and in which condition it is. */
export interface Assignment {
  readonly fleet: Fleet;
  readonly from: number;
  readonly to: number;
  readonly requests: number;
  /** The rate expected of this segment: what saturates a fleet is load, not the chance of a short segment. */
  readonly requestsPerSecond: number;
  readonly behaviour: Behaviour;
  /** The champion's behaviour now: what goes beyond it is harm. */
  readonly champion: Behaviour;
  /** Share of the fleet's instances that have just begun to serve. */
  readonly coldShare: number;
}

/** Draws what comes of one fleet's requests: one multinomial over outcomes, one over latencies. */
// source: model-traffic
export function serve(assignment: Assignment, noise: Noise, streams: ServingStreams): Served {
  const { fleet, from, to, requests, behaviour } = assignment;
  const load = loadEffect(assignment.requestsPerSecond, fleet.instances, behaviour);
  const errorRate = 1 - (1 - behaviour.errorRate) * (1 - load.refused);
  const errors = drawErrors(streams.outcomes, requests, errorRate, noise.errorCorrelation);
  const excess = Math.max(0, errorRate - assignment.champion.errorRate);
  const badRequests = binomial(streams.outcomes, errors, excess / errorRate);
  const rest = requests - errors;
  const clientErrors = binomial(streams.outcomes, rest, behaviour.clientErrorRate / (1 - Math.min(errorRate, 1)));
  const latencies = drawAllLatencies(assignment, load.latencyFactor, noise, streams.latencies);
  return {
    fleet,
    from,
    to,
    requests,
    clientErrors: Math.min(rest, clientErrors),
    errors,
    badRequests,
    slowRequests: drawSlow(streams.outcomes, latencies, behaviour, assignment.champion),
    latencies,
    utilisation: utilisationOf(assignment.requestsPerSecond, fleet.instances, behaviour),
  };
}

/** Errors come in bursts: their rate varies from minute to minute. */
// source: model-overdispersion
function drawErrors(random: RandomStream, requests: number, rate: number, correlation: number): number {
  if (!(correlation > 0 && requests > 0)) return binomial(random, requests, rate);
  return binomial(random, requests, beta(random, rate, 1 / correlation - 1));
}

// source: model-cold-start
function drawAllLatencies(assignment: Assignment, loadFactor: number, noise: Noise, random: RandomStream): Histogram {
  const { requests, behaviour, coldShare } = assignment;
  const factor = loadFactor * Math.exp(noise.latencyVariation * normal(random));
  const cold = binomial(random, requests, coldShare);
  const shape = (times: number) => ({ p50: behaviour.latencyP50 * times, p99: behaviour.latencyP99 * times });
  return Histogram.merge([
    drawLatencies(random, requests - cold, shape(factor)),
    drawLatencies(random, cold, shape(factor * noise.coldStartFactor)),
  ]);
}

/** A response is slow when it takes longer than this many times the champion's 99th percentile. */
const SLOW = 1.5;

function drawSlow(random: RandomStream, latencies: Histogram, own: Behaviour, champion: Behaviour): number {
  const limit = champion.latencyP99 * SLOW;
  const share = ({ latencyP50: p50, latencyP99: p99 }: Behaviour) => shareAbove(limit, { p50, p99 });
  const excess = Math.max(0, share(own) - share(champion)) / share(own);
  return binomial(random, latencies.betweenValues(limit * 1000, Number.POSITIVE_INFINITY).count, excess);
}
