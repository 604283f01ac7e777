import { type Cell, methods } from './cells';
import { draw } from './worlds';

/** What came of all days of a cell. Times are minutes after onset; excess is bad requests beyond the champion's rate. */
export interface Figures extends Cell {
  readonly rolledBack: number;
  readonly promoted: number;
  readonly medianMinutes: number | null;
  readonly p90Minutes: number | null;
  readonly within5Minutes: number;
  readonly medianPromoteMinutes: number | null;
  readonly meanExcess: number;
  /** Rollbacks before the onset of harm: false ones. */
  readonly early: number;
}

/** Draws and judges every day of a cell. */
export function measure(cell: Cell): Figures {
  const { world, days } = cell;
  const judge = methods[cell.method];
  const delays: number[] = [];
  const promotions: number[] = [];
  let [early, excess] = [0, 0];
  for (let seed = 0; seed < days; seed++) {
    const run = draw(world, seed);
    const { rollback, promote } = judge(run);
    if (rollback <= world.onset) early += 1;
    else if (rollback < Number.POSITIVE_INFINITY) delays.push(rollback - world.onset);
    if (promote < rollback && promote < Number.POSITIVE_INFINITY) promotions.push(promote);
    const until = Math.min(world.minutes, rollback);
    for (let t = world.onset; t < until; t++) excess += run.nb[t] * (world.challengerRate - world.championRate);
  }
  // Days without a decision count as infinitely late.
  const quantile = (list: number[], q: number) => {
    const at = list.sort((x, y) => x - y)[Math.ceil(q * (days - early)) - 1];
    return at ?? null;
  };
  return {
    ...cell,
    rolledBack: delays.length / days,
    promoted: promotions.length / days,
    medianMinutes: quantile(delays, 0.5),
    p90Minutes: quantile(delays, 0.9),
    within5Minutes: delays.filter((delay) => delay <= 5).length / days,
    medianPromoteMinutes: quantile(promotions, 0.5),
    meanExcess: excess / days,
    early: early / days,
  };
}
