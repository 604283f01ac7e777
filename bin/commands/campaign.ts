import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { type CampaignReport, runCampaign, sumOf } from '../../rehearsal/campaign/campaign';
import { ELSEWHERE, edgesOf } from '../../rehearsal/campaign/coverage';
import { APIS, caseOf, FAULT_KINDS, IMPOSSIBLE } from '../../rehearsal/campaign/draw-case';
import { runCase } from '../../rehearsal/campaign/run-case';
import { sourceEngine } from './campaign-engine';

/** Ends of rollouts, each of which a campaign must have seen often enough to say something about it. */
const CLASSES = ['promoted', 'rolledBack', 'held', 'aborted', 'failed'];
const LEAST_SHARE = 0.05;
/** From so many runs on the mix must be right: fewer may miss it by chance. */
const RUNS_FOR_A_MIX = 1_000;

/**
 * Runs `count` random rollouts from a seed on, on all cores, and prints what came of them.
 *
 * @returns the exit code: 1 when anything did not hold
 */
export async function campaign(count: number, seed: number): Promise<number> {
  const started = performance.now();
  const workers = Math.min(availableParallelism(), Math.max(1, Math.floor(count / 100)));
  const share = Math.ceil(count / workers);
  const parts = Array.from({ length: workers }, (_, i) => ({
    from: seed + i * share,
    count: Math.max(0, Math.min(share, count - i * share)),
  }));
  const report = sumOf(await Promise.all(parts.map(inWorker)));
  return tell(report, count, (performance.now() - started) / 1000);
}

/** The part of one process: its report, as JSON, on standard output. */
export async function campaignPart(from: number, count: number): Promise<void> {
  process.stdout.write(JSON.stringify(await runCampaign(from, count, sourceEngine())));
}

/** One case again, told event by event. @returns the exit code */
export async function replay(seed: number): Promise<number> {
  const one = caseOf(seed);
  const { outcome, violations, told } = await runCase(one, sourceEngine());
  console.log(`${JSON.stringify(one, null, 2)}\n\n${told()}\n\n${outcome}`);
  for (const violation of violations) console.log(`broken: ${violation}`);
  return violations.length === 0 ? 0 : 1;
}

function inWorker({ from, count }: { from: number; count: number }): Promise<CampaignReport> {
  return new Promise((resolve, reject) => {
    const script = [process.argv[1], '--campaign-part', String(from), '--campaign', String(count)];
    const child = spawn(process.execPath, script, { stdio: ['ignore', 'pipe', 'ignore'] });
    let text = '';
    child.stdout.on('data', (data) => {
      text += data;
    });
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(JSON.parse(text)) : reject(new Error(`a part of the campaign ended with code ${code}`)),
    );
  });
}

function tell(report: CampaignReport, count: number, seconds: number): number {
  console.log(
    `simulated AWS, scripted gates: ${count} random rollouts in ${seconds.toFixed(0)} s, not compared with an account`,
  );
  console.log(
    `memory: ${report.heapMegabytes.join(', ')} MB of heap in the course of a part; longest history ${report.longest} events\n`,
  );
  for (const [outcome, runs] of Object.entries(report.outcomes)) console.log(`  ${outcome.padEnd(12)} ${runs}`);
  const rare = CLASSES.filter((each) => (report.outcomes[each] ?? 0) < LEAST_SHARE * count);
  const edges = edgesOf(sourceEngine().machines).filter((edge) => !report.edges.includes(edge) && !(edge in ELSEWHERE));
  const cells = APIS.flatMap((api) => FAULT_KINDS.map((kind) => `${api} ${kind}`)).filter(
    (cell) => !IMPOSSIBLE.includes(cell) && !report.cells.includes(cell),
  );
  console.log(`\nnot visited: ${edges.length === 0 ? 'nothing' : edges.join('; ')}`);
  console.log(`faults that never struck: ${cells.length === 0 ? 'none' : cells.join('; ')}`);
  for (const { seed, violations } of report.failures.slice(0, 20)) {
    console.log(`\n! seed ${seed}: ${violations.join('; ')}\n  npm run rehearse -- --replay ${seed}`);
  }
  const mixed = count < RUNS_FOR_A_MIX || rare.length === 0;
  if (!mixed) console.log(`\n! seen in less than ${100 * LEAST_SHARE} % of the runs: ${rare.join(', ')}`);
  console.log(`\n${report.failures.length} of ${count} rollouts broke something`);
  return report.failures.length === 0 && mixed ? 0 : 1;
}
