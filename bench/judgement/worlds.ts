import type { Arm } from '../../decision';
import { type RandomStream, randomStream } from '../../rehearsal/time/random';
import { binomial, poisson } from '../../rehearsal/traffic/samplers';

/** What both arms did, minute by minute: errors (x) of requests (n) of challenger (b) and champion (a). */
export interface Run {
  readonly minutes: number;
  readonly xb: Float64Array;
  readonly nb: Float64Array;
  readonly xa: Float64Array;
  readonly na: Float64Array;
  /** The champion's six hours before. */
  readonly baseline: readonly Arm[];
}

const hoursBefore = 6;

/** One kind of day. Rates and shares are 0-1, times are minutes. */
export interface World {
  readonly name: string;
  readonly requestsPerSecond: number;
  readonly share: number;
  readonly championRate: number;
  /** The challenger's rate from `onset` on; before it is the champion's. */
  readonly challengerRate: number;
  readonly onset: number;
  readonly minutes: number;
  /** What disturbs the day. */
  readonly disturbance?: 'shared-bursts' | 'diurnal' | 'clusters-0.5' | 'clusters-1' | 'missing' | 'ramp';
}

/** A gamma variable of mean 1 and the given coefficient of variation (Marsaglia & Tsang 2000). */
function gamma(random: RandomStream, variation: number): number {
  const shape = 1 / (variation * variation);
  const d = (shape < 1 ? shape + 1 : shape) - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    // Box and Muller's normal
    const z = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const v = (1 + c * z) ** 3;
    if (v <= 0 || Math.log(1 - random()) >= (z * z) / 2 + d - d * v + d * Math.log(v)) continue;
    return ((d * v) / shape) * (shape < 1 ? (1 - random()) ** (1 / shape) : 1);
  }
}

/** Draws one day. The seed and the name of the world decide every request, whoever judges it. */
export function draw(world: World, seed: number): Run {
  const random = randomStream(seed, world.name);
  const before = serve({ ...world, challengerRate: world.championRate, minutes: hoursBefore * 60, share: 0 }, random);
  const baseline = Array.from(before.na, (count, t) => ({ sum: before.xa[t], count }));
  return { ...serve(world, random), baseline };
}

function serve(world: World, random: RandomStream): Omit<Run, 'baseline'> {
  const { minutes, disturbance } = world;
  const column = () => new Float64Array(minutes);
  const run = { minutes, xb: column(), nb: column(), xa: column(), na: column() };
  const clusters = disturbance === 'clusters-1' ? 1 : 0.5;
  let burst = 0;
  for (let t = 0; t < minutes; t++) {
    let share = world.share;
    let [b, a] = [t >= world.onset ? world.challengerRate : world.championRate, world.championRate];
    let traffic = world.requestsPerSecond * 60;
    if (disturbance === 'ramp' && share > 0) share = t < minutes / 3 ? 0.05 : t < (2 * minutes) / 3 ? 0.25 : 0.5;
    if (disturbance === 'diurnal') traffic *= 1 + 0.8 * Math.sin((2 * Math.PI * t) / 1440);
    if (disturbance === 'diurnal') a *= 1 + 0.8 * Math.sin((2 * Math.PI * t) / 1440 + 1);
    if (disturbance === 'diurnal') b = a + (t >= world.onset ? world.challengerRate - world.championRate : 0);
    if (disturbance === 'shared-bursts') {
      if (burst > 0) burst -= 1;
      else if (random() < 1 / 240) burst = 5;
      if (burst > 0) [a, b] = [0.1, 0.1 + b - a];
    }
    if (disturbance === 'clusters-0.5' || disturbance === 'clusters-1') {
      a = Math.min(1, a * gamma(random, clusters));
      b = Math.min(1, b * gamma(random, clusters));
    }
    run.nb[t] = poisson(random, traffic * share);
    run.na[t] = poisson(random, traffic * (1 - share));
    if (disturbance === 'missing' && random() < 0.1) run.nb[t] = 0;
    run.xb[t] = binomial(random, run.nb[t], b);
    run.xa[t] = binomial(random, run.na[t], a);
  }
  return run;
}
