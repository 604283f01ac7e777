// How long a rehearsal takes once it is loaded, and how long a canary takes to see a bad version, over seeds and metric lags.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../bin/package-root';
import { synthesize } from '../bin/synthesize';
import { readScenario, rehearse, type Scenario } from '../rehearsal';
import { duration } from '../rehearsal/report/words';
import { median, quantile, table } from './report';

const SEEDS = 200;
const folder = mkdtempSync(join(tmpdir(), 'bench-rehearsal-'));

const scenario = (name: string): Scenario => {
  const file = join(packageRoot(__dirname), 'bin', 'scenarios', `${name}.yaml`);
  return readScenario(readFileSync(file, 'utf8'), file);
};
const milliseconds = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1000;

async function cpu(rounds: number, work: () => Promise<unknown>): Promise<number> {
  const found: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    await work();
    found.push(milliseconds(process.cpuUsage(before)));
  }
  return median(found);
}

async function run(): Promise<void> {
  const out = synthesize(join(folder, 'out'));
  const stacks = ['churn', 'fraud', 'catalog-images', 'review-sentiment'];
  const rows: (string | number)[][] = [];
  for (const stack of stacks) {
    for (const name of ['good', 'errors']) {
      const options = { stack, scenario: scenario(name) };
      await rehearse(out, options);
      const one = await cpu(9, () => rehearse(out, options));
      const matrix = await cpu(3, () => rehearse(out, { ...options, knobs: 'all' }));
      rows.push([stack, name, `${one.toFixed(0)} ms`, `${(matrix / 1000).toFixed(2)} s`]);
    }
  }
  console.log('One rehearsal, once loaded, and the whole knob matrix of a scenario: median CPU');
  console.log(table(['model', 'scenario', 'one', 'matrix'], rows));

  const detection: (string | number)[][] = [];
  for (const name of ['errors', 'slow']) {
    for (const metricLagSeconds of [60, 150, 300] as const) {
      const detect: number[] = [];
      const decide: number[] = [];
      const bad: number[] = [];
      let missed = 0;
      for (let seed = 1; seed <= SEEDS; seed++) {
        const knobs = { metricLagSeconds };
        const outcome = await rehearse(out, { stack: 'fraud', scenario: scenario(name), seed, knobs });
        if (outcome.servedConfig !== 'champion') missed++;
        detect.push(outcome.detectSeconds ?? Number.POSITIVE_INFINITY);
        decide.push(outcome.decideSeconds ?? Number.POSITIVE_INFINITY);
        bad.push(outcome.badRequests + outcome.slowRequests);
      }
      const spread = (values: number[]) =>
        [quantile(values, 0.5), quantile(values, 0.95), Math.max(...values)].map((each) => duration(each)).join(' / ');
      detection.push([name, `${metricLagSeconds} s`, spread(detect), spread(decide), Math.round(median(bad)), missed]);
    }
  }
  console.log(`Canary of a quarter, 100 requests a second: p50 / p95 / max over ${SEEDS} seeds`);
  console.log(table(['scenario', 'metric lag', 'detect', 'decide', 'hurt (median)', 'not taken back'], detection));
}

run().finally(() => rmSync(folder, { recursive: true, force: true }));
