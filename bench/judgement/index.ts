// Measures the judgement: seeded days, judged by this library and by what teams use today. Writes docs/judgement.md.
//   npm run bench -- judgement              the full measurement, minutes
//   npm run bench -- judgement --days=100   a quick look; writes nothing
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { cells } from './cells';
import { type Figures, measure } from './measure';
import { replayMilliseconds } from './replay';
import { writeReport } from './report';

const fullDays = 2000;

/** Hands the cells out one by one, the longest first, and gives the figures back in the order of the cells. */
async function measureAll(days: number): Promise<Figures[]> {
  const all = cells(days);
  const figures: Figures[] = new Array(all.length);
  const order = all.map((_, i) => i).sort((i, j) => all[j].days - all[i].days);
  const work = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(__filename);
      const next = () => {
        const i = order.shift();
        if (i === undefined) void worker.terminate().then(() => resolve());
        else worker.postMessage({ i, cell: all[i] });
      };
      worker.on('message', ({ i, result }: { i: number; result: Figures }) => {
        figures[i] = result;
        process.stdout.write(`\r${all.length - order.length} of ${all.length} cells`);
        next();
      });
      worker.on('error', reject);
      next();
    });
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work));
  process.stdout.write('\n');
  return figures;
}

async function main(): Promise<void> {
  const asked = process.argv.find((word) => word.startsWith('--days='))?.slice('--days='.length);
  const days = asked === undefined ? fullDays : Number(asked);
  if (!(Number.isInteger(days) && days >= 20)) throw new Error(`--days must be a whole number from 20, got ${asked}`);
  const began = performance.now();
  const figures = await measureAll(days);
  const seconds = Math.round((performance.now() - began) / 1000);
  const text = writeReport(figures, { days, replay: replayMilliseconds(), write: days === fullDays });
  console.log(text);
  console.log(`${figures.length} cells in ${seconds} s${days === fullDays ? ', written to docs/judgement.md' : ''}`);
}

if (isMainThread) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
} else {
  parentPort?.on('message', ({ i, cell }) => parentPort?.postMessage({ i, result: measure(cell) }));
}
