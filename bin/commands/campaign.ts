import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { bundleCaseOf } from '../../rehearsal/campaign/bundles/draw-bundle-case';
import { runBundleCase } from '../../rehearsal/campaign/bundles/run-bundle-case';
import { type CampaignReport, type CaseReport, rareEnds, runCampaign, sumOf } from '../../rehearsal/campaign/campaign';
import { caseOf } from '../../rehearsal/campaign/draw-case';
import { runCase } from '../../rehearsal/campaign/run-case';
import { unvisited } from '../../rehearsal/campaign/unvisited';
import { withDeployment } from './campaign-deployment';
import { sourceEngine } from './campaign-engine';

/** A case that can be told. */
interface Told extends CaseReport {
  readonly told: () => string;
}

/** A size of campaign: how much of the engine is real. */
interface Size {
  readonly words: string;
  /** What replays one of its cases, beside the seed. */
  readonly flags: readonly string[];
  /** From so many runs on the mix of ends must be right: fewer may miss it by chance. */
  readonly runsForAMix: number;
  /** From so many runs on everything must have been visited. @default - never: the other size does */
  readonly runsForAll?: number;
  readonly caseOf: (seed: number) => object;
  readonly run: () => (seed: number) => Promise<Told>;
}

const ENGINE: Size = {
  words: 'scripted gates',
  flags: [],
  runsForAMix: 1_000,
  runsForAll: 10_000,
  caseOf,
  run: () => {
    const engine = sourceEngine();
    return (seed) => runCase(caseOf(seed), engine);
  },
};

const BUNDLES: Size = {
  words: 'real handlers',
  flags: ['--bundles'],
  runsForAMix: 200,
  caseOf: bundleCaseOf,
  run: () => (seed) => {
    const one = bundleCaseOf(seed);
    return withDeployment(one, (stack) => runBundleCase(one, stack));
  },
};

const sizeOf = (bundles: boolean): Size => (bundles ? BUNDLES : ENGINE);

/**
 * Runs `count` random rollouts from a seed on, on all cores, and prints what came of them.
 *
 * @param bundles whether the handlers are the shipped ones, and whole stacks are deployed
 * @returns the exit code: 1 when anything did not hold
 */
export async function campaign(count: number, seed: number, bundles: boolean): Promise<number> {
  const started = performance.now();
  const size = sizeOf(bundles);
  const workers = Math.min(availableParallelism(), Math.max(1, Math.floor(count / 20)));
  const share = Math.ceil(count / workers);
  const parts = Array.from({ length: workers }, (_, i) => ({
    from: seed + i * share,
    count: Math.max(0, Math.min(share, count - i * share)),
  }));
  const report = sumOf(await Promise.all(parts.map((part) => inWorker(part, size))));
  const seconds = (performance.now() - started) / 1000;
  console.log(
    `simulated AWS, ${size.words}: ${count} random rollouts in ${seconds.toFixed(0)} s, not compared with an account`,
  );
  const wrong = tell(report, count, size);
  return wrong.length + report.failures.length === 0 ? 0 : 1;
}

/** The part of one process: its report, as JSON, on standard output. */
export async function campaignPart(from: number, count: number, bundles: boolean): Promise<void> {
  process.stdout.write(JSON.stringify(await runCampaign(from, count, sizeOf(bundles).run())));
}

/** One case again, told event by event. @returns the exit code */
export async function replay(seed: number, bundles: boolean): Promise<number> {
  const size = sizeOf(bundles);
  const { outcome, violations, told } = await size.run()(seed);
  console.log(`${JSON.stringify(size.caseOf(seed), null, 2)}\n\n${told()}\n\n${outcome}`);
  for (const violation of violations) console.log(`broken: ${violation}`);
  return violations.length === 0 ? 0 : 1;
}

function inWorker({ from, count }: { from: number; count: number }, { flags }: Size): Promise<CampaignReport> {
  return new Promise((resolve, reject) => {
    const script = [process.argv[1], '--campaign-part', String(from), '--campaign', String(count), ...flags];
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

/** Prints a report. @returns what a campaign of this size should have seen, and has not */
function tell(report: CampaignReport, count: number, { flags, runsForAMix, runsForAll }: Size): readonly string[] {
  const { outcomes, heapMegabytes, longest, failures, visited } = report;
  console.log(
    `memory: ${heapMegabytes.join(', ')} MB of heap in the course of a part; longest history ${longest} events\n`,
  );
  for (const [outcome, runs] of Object.entries(outcomes)) console.log(`  ${outcome.padEnd(12)} ${runs}`);
  const left = runsForAll === undefined ? [] : unvisited(sourceEngine().machines, visited);
  if (runsForAll === undefined) console.log(`\nfaults that struck: ${[...visited.cells].sort().join('; ')}`);
  else console.log(`\nleft out: ${left.length === 0 ? 'nothing that has no reason' : left.join('; ')}`);
  for (const { seed, violations } of failures.slice(0, 20)) {
    const command = ['npm run rehearse -- --replay', seed, ...flags].join(' ');
    console.log(`\n! seed ${seed}: ${violations.join('; ')}\n  ${command}`);
  }
  const wrong = [
    ...(count < runsForAMix ? [] : rareEnds(report)),
    ...(runsForAll === undefined || count < runsForAll ? [] : left),
  ];
  for (const each of wrong) console.log(`\n! ${each}`);
  console.log(`\n${failures.length} of ${count} rollouts broke something`);
  return wrong;
}
