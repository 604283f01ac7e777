import { type Evidence, fail, hold, pass, type Verdict } from '../verdict';
import { type BothSides, CountReplay } from './count-replay';
import type { ReplayMemory } from './memory';
import { type Columns, silence } from './read-series';
import type { RobustInterval } from './robust';
import type { SequentialSettings, SeriesData } from './series';
import { strongDispersion } from './tempering';

/** Both sides of a counting rule. */
export interface Sides extends BothSides {
  /**
   * The cluster-robust interval of harm (positive: worse than tolerated), at the two alphas given: asked when errors
   * come in clusters. Left out where there is none.
   */
  readonly robust?: (alphas: readonly number[]) => RobustInterval;
}

/** What a rule says in words. */
export interface Words {
  readonly worse: string;
  readonly safe: string;
}

/** What a rule looks at: itself, the data as it came and as it was read, and what its look before has replayed. */
export interface Look {
  readonly rule: object;
  readonly data: SeriesData;
  readonly memory: ReplayMemory;
  readonly columns: Columns;
  readonly settings: SequentialSettings;
}

/**
 * Replays a stage through both sides: the hybrid monitor for harm, which fires once and for good, and the plain
 * e-process for safety, which must stand at the last block.
 */
export function monitorCounts(look: Look, sides: Sides, words: Words, about: Evidence): Verdict {
  const { rule, data, memory, columns, settings } = look;
  const { alphaRollback, alphaPromote, horizonPeriods } = settings;
  const begin = () => new CountReplay(columns, sides);
  const { tempering, safe, top, topAt } = memory.resume(rule, data, begin).goOn(columns, horizonPeriods);
  const strong = tempering.applied > strongDispersion;
  const robust = strong ? sides.robust?.([alphaRollback / 2, alphaPromote]) : undefined;
  const clustered = robust !== undefined;
  const harmThreshold = Math.log((clustered ? 2 : 1) / alphaRollback);
  const safeThreshold = Math.log(1 / alphaPromote);
  const evidence: Evidence = {
    ...about,
    ...settings,
    periods: columns.length,
    challenger: total(columns.xb, columns.nb),
    champion: total(columns.xa, columns.na),
    logHarm: top,
    logHarmAtPeriod: topAt,
    logHarmThreshold: harmThreshold,
    logSafe: safe.logE,
    logSafeThreshold: safeThreshold,
    dispersion: tempering.applied,
    intraClassCorrelation: tempering.rho,
    method: clustered ? 'tempered e-process and cluster-robust interval' : 'e-process',
    ...(clustered ? { robust: { ...robust } as unknown as Evidence } : {}),
  };
  // No number is neither above nor below 0.
  const low = robust?.sound ? robust.mean - robust.radius[0] : Number.NaN;
  const high = robust?.sound ? robust.mean + robust.radius[1] : Number.NaN;
  if (top >= harmThreshold || low > 0) return fail(words.worse, evidence);
  const silent = silence(columns, settings);
  if (silent !== undefined) return hold(silent, evidence);
  // Where errors cluster, the e-process may be too sure of itself: then the robust interval alone may pass.
  const proven = clustered ? high < 0 : safe.logE >= safeThreshold;
  if (proven) return pass(words.safe, evidence);
  return hold(`not decided after ${columns.length} periods`, evidence);
}

/** Totals of one arm, for evidence. */
export function total(sums: Float64Array, counts: Float64Array): Evidence {
  const add = (list: Float64Array) => list.reduce((sum, value) => sum + value, 0);
  return { sum: add(sums), count: add(counts) };
}
