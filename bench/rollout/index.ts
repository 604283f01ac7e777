// How fast the engine finds, decides, takes back and confirms: a version that begins to answer one request in twenty with
// an error, in a canary of five percent, by the handlers as they are shipped.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { duration } from '../../rehearsal/report/words';
import { quantile, table } from '../report';
import { type BadVersion, ERROR_RATE, type Found, foundOf, synthesized } from './bad-version';

const SEEDS = 200;
/** Seconds, at the 95th percentile, that the engine may take; for what SageMaker takes beside it nobody can promise. */
const BUDGETS = { detect: 300, decide: 600, overhead: 30, confirm: 900 };
const BUDGET_NAMES = ['detect', 'decide', 'overhead', 'confirm'] as const;

const USUAL: BadVersion = {
  requestsPerSecond: 100,
  percent: 5,
  guards: 'alarms and a gate',
  metricLagSeconds: 60,
  weightsApplySeconds: 5,
};

/** What is rehearsed, and what is special about it. The first ones have the budget. */
const ROWS: readonly (readonly [what: string, special: Partial<BadVersion>])[] = [
  ['100 rps, 5 %, metrics 60 s late', {}],
  ['100 rps, 5 %, metrics 150 s late', { metricLagSeconds: 150 }],
  ['the same, a gate alone, 60 s', { guards: 'a gate alone' }],
  ['the same, a gate alone, 150 s', { guards: 'a gate alone', metricLagSeconds: 150 }],
  ['weights take 60 s', { weightsApplySeconds: 60 }],
  ['weights take 300 s', { weightsApplySeconds: 300 }],
  ['metrics 300 s late', { metricLagSeconds: 300 }],
  ['10 rps', { requestsPerSecond: 10 }],
  ['10 rps, 25 %', { requestsPerSecond: 10, percent: 25 }],
  ['1 rps', { requestsPerSecond: 1 }],
  ['1 rps, 50 %', { requestsPerSecond: 1, percent: 50 }],
];

const versionOf = (row: number): BadVersion => ({ ...USUAL, ...ROWS[row][1] });

/** Every so-manieth seed of every row. */
async function measured(part: number, parts: number): Promise<Found[][]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-rollout-'));
  try {
    const rows: Found[][] = [];
    for (const [row] of ROWS.entries()) {
      const version = versionOf(row);
      const assembly = synthesized(join(folder, String(row)), version);
      const found: Found[] = [];
      for (let seed = 1 + part; seed <= SEEDS; seed += parts) found.push(await foundOf(assembly, version, seed));
      rows.push(found);
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function inProcess(part: number, parts: number): Promise<Found[][]> {
  return new Promise((resolve, reject) => {
    const args = [process.argv[1], '--part', `${part}/${parts}`];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (data) => {
      text += data;
    });
    child.on('close', (code) =>
      code === 0 ? resolve(JSON.parse(text)) : reject(new Error(`a part ended with ${code}`)),
    );
  });
}

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

async function main(): Promise<void> {
  const parts = availableParallelism();
  const all = await Promise.all(Array.from({ length: parts }, (_, part) => inProcess(part, parts)));
  const rows = ROWS.map(([what], row) => {
    const found = all.flatMap((rowsOfPart) => rowsOfPart[row]);
    const version = versionOf(row);
    const seconds: Record<keyof typeof BUDGETS, number[]> = {
      detect: found.map(({ detectSeconds }) => detectSeconds ?? NEVER),
      decide: found.map(({ decideSeconds }) => decideSeconds ?? NEVER),
      overhead: found.map(({ restoreSeconds }) => (restoreSeconds ?? NEVER) - version.weightsApplySeconds),
      confirm: found.map(({ confirmSeconds }) => confirmSeconds ?? NEVER),
    };
    const missed = BUDGET_NAMES.filter((name) => quantile(seconds[name], 0.95) > BUDGETS[name]);
    const wrong = found.filter(({ servedConfig, violations }) => servedConfig !== 'champion' || violations.length > 0);
    return [
      what,
      visible(version),
      ...BUDGET_NAMES.map((name) => spread(seconds[name], name === 'overhead' ? fine : coarse)),
      wrong.length,
      missed.length === 0 ? 'kept' : `missed: ${missed.join(', ')}`,
    ];
  });
  const head = ['', 'visible', 'detect', 'decide', 'restore, overhead', 'confirm', 'wrong', 'budget'];
  const budget = ['budget, p95', '', '5m', '10m', '30 s', '15m', 0, ''];
  console.log(
    `A version that begins to fail 5 % of its requests in its canary: p50 / p95 / max over ${SEEDS} seeds, real handlers`,
  );
  console.log(table(head, [budget, ...rows]));
  console.log(`visible: whole minutes of metrics that can be seen within the five minutes to detect / the challenger's requests in
them / errors among those. Where it is none, no rule that reads these metrics can be in time; only metrics that callers
publish themselves can (RollbackAlarm.fromAlarm). Where it is a handful of errors, chance decides: a larger first share or
a shadow phase helps, a longer bake finds it later. restore, overhead: beyond the time that SageMaker takes for weights.
wrong: runs that did not end on the champion, or broke an invariant.`);
}

const at = process.argv.indexOf('--part');
if (at < 0) void main();
else {
  const [part, parts] = process.argv[at + 1].split('/').map(Number);
  void measured(part, parts).then((rows) => process.stdout.write(JSON.stringify(rows)));
}
