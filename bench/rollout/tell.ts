import { duration } from '../../rehearsal/report/words';
import { quantile, table } from '../report';
import { type BadVersion, ERROR_RATE, type Found } from './bad-version';
import { ROWS } from './rows';

/** Seconds, at the 95th percentile, that the engine may take; for what SageMaker takes beside it nobody can promise. */
const BUDGETS = { detect: 300, decide: 600, overhead: 30, confirm: 900 };
const BUDGET_NAMES = ['detect', 'decide', 'overhead', 'confirm'] as const;

/** p50 / p95 / max; what never came is infinite. */
const spread = (values: readonly number[], words: (seconds: number) => string): string =>
  [quantile(values, 0.5), quantile(values, 0.95), Math.max(...values)].map(words).join(' / ');
const coarse = (seconds: number) => (Number.isFinite(seconds) ? duration(seconds) : 'never');
const fine = (seconds: number) => (Number.isFinite(seconds) ? `${seconds.toFixed(1)} s` : 'never');
/** A quantile beside infinities is infinite, not undefined. */
const NEVER = Number.POSITIVE_INFINITY;

/** What can be seen of a bad version while its detection is within budget. */
function visible({ requestsPerSecond, percent, metricLagSeconds }: BadVersion): string {
  const minutes = Math.max(0, Math.floor((BUDGETS.detect - metricLagSeconds) / 60));
  const requests = Math.round((minutes * 60 * requestsPerSecond * percent) / 100);
  return `${minutes} / ${requests} / ${Number((requests * ERROR_RATE).toFixed(1))}`;
}

/** Prints what was found, row by row, beside the budgets. */
export function tell(all: readonly (readonly Found[])[]): void {
  const rows = ROWS.map(({ what, version }, row) => {
    // Where nothing was seen and the champion serves, it was taken back before it was bad: by chance.
    const hasty = all[row].filter(
      ({ detectSeconds, servedConfig }) => detectSeconds === null && servedConfig === 'champion',
    );
    const found = all[row].filter((each) => !hasty.includes(each));
    const seconds: Record<keyof typeof BUDGETS, number[]> = {
      detect: found.map(({ detectSeconds }) => detectSeconds ?? NEVER),
      decide: found.map(({ decideSeconds }) => decideSeconds ?? NEVER),
      overhead: found.map(({ restoreSeconds }) => (restoreSeconds ?? NEVER) - version.weightsApplySeconds),
      confirm: found.map(({ confirmSeconds }) => confirmSeconds ?? NEVER),
    };
    const missed = BUDGET_NAMES.filter((name) => !(quantile(seconds[name], 0.95) <= BUDGETS[name]));
    const wrong = all[row].filter(
      ({ servedConfig, violations }) => servedConfig !== 'champion' || violations.length > 0,
    );
    return [
      what,
      all[row].length,
      visible(version),
      ...BUDGET_NAMES.map((name) => spread(seconds[name], name === 'overhead' ? fine : coarse)),
      hasty.length,
      wrong.length,
      missed.length === 0 ? 'kept' : `missed: ${missed.join(', ')}`,
    ];
  });
  const head = ['', 'seeds', 'visible', 'detect', 'decide', 'restore, overhead', 'confirm', 'hasty', 'wrong', 'budget'];
  const budget = ['budget, p95', '', '', '5m', '10m', '30.0 s', '15m', '', 0, ''];
  console.log(
    'A version that begins to fail 5 % of its requests in its canary: p50 / p95 / max over seeds, real handlers',
  );
  console.log(table(head, [budget, ...rows]));
  console.log(NOTES);
}

const NOTES = `visible: whole minutes of metrics that can be seen within the five minutes to detect / the challenger's requests
in them / errors among those. Where it is none, no rule that reads these metrics can be in time: only metrics that
callers publish themselves can (RollbackAlarm.fromAlarm). Where it is two, an alarm on two bad minutes is in time only
when the first of them is bad from early on: an alarm on one minute, with a higher threshold, saves the second. Where
it is a handful of errors, chance decides: a larger first share or a shadow phase helps; a longer bake finds it too,
later. restore, overhead: beyond the time that SageMaker takes for weights. hasty: taken back by chance before the
version was bad; such runs have no times. wrong: runs that did not end on the champion, or broke an invariant.`;
