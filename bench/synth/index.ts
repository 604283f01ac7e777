// Synth of guarded endpoints against the same written by hand in L1: one fresh process a measurement, in turns.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { median, table } from '../report';
import { declareByHand, declareGrouped } from './by-hand';
import { declareGuarded } from './guarded';

const HOW = { library: declareGuarded, byHand: declareByHand, grouped: declareGrouped };
type How = keyof typeof HOW;

interface Measurement {
  /** CPU seconds of synth, the kernel's included, after loading. */
  readonly cpu: number;
  /** Peak memory of the process in MB. */
  readonly memory: number;
  readonly templateBytes: number;
  readonly types: Readonly<Record<string, number>>;
}

function measure(how: How, count: number): Measurement {
  const outdir = mkdtempSync(join(tmpdir(), 'bench-synth-'));
  try {
    // The first synth of a process loads aws-cdk-lib lazily; it is not what a hundred endpoints cost.
    const warm = new App({ outdir: join(outdir, 'warm'), builtinCloudFormationValidation: false });
    HOW[how](warm, 1);
    warm.synth();
    const before = process.cpuUsage();
    const app = new App({ outdir: join(outdir, 'out'), builtinCloudFormationValidation: false });
    HOW[how](app, count);
    app.synth();
    const { user, system } = process.cpuUsage(before);
    const templates = readdirSync(join(outdir, 'out')).filter((file) => file.endsWith('.template.json'));
    const texts = templates.map((file) => readFileSync(join(outdir, 'out', file), 'utf8'));
    const types: Record<string, number> = {};
    for (const text of texts) {
      for (const { Type } of Object.values(JSON.parse(text).Resources) as { Type: string }[]) {
        types[Type] = (types[Type] ?? 0) + 1;
      }
    }
    return {
      cpu: (user + system) / 1e6,
      memory: process.resourceUsage().maxRSS / 1024,
      templateBytes: texts.reduce((sum, text) => sum + text.length, 0),
      types,
    };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

const inFreshProcess = (how: How, count: number): Measurement =>
  JSON.parse(execFileSync(process.execPath, [__filename, how, String(count)], { encoding: 'utf8' }));

function run(): void {
  const rounds = 7;
  const rows = [1, 10, 100].map((count) => {
    const found: Record<How, Measurement[]> = { library: [], byHand: [], grouped: [] };
    for (let round = 0; round < rounds; round++) {
      for (const how of Object.keys(HOW) as How[]) found[how].push(inFreshProcess(how, count));
    }
    const [library, byHand] = [found.library[0], found.byHand[0]];
    if (JSON.stringify(sorted(library.types)) !== JSON.stringify(sorted(byHand.types))) {
      throw new Error(`both sides must have the same resources, got ${JSON.stringify([library.types, byHand.types])}`);
    }
    const size = library.templateBytes / byHand.templateBytes;
    if (!(size > 0.9 && size < 1.1))
      throw new Error(`both sides must have templates of a size, got a ratio of ${size}`);
    const cpu = (how: How) => median(found[how].map((each) => each.cpu));
    const memory = (how: How) => median(found[how].map((each) => each.memory));
    return [
      count,
      `${(cpu('library') * 1000).toFixed(0)} ms`,
      `${(cpu('byHand') * 1000).toFixed(0)} ms`,
      (cpu('library') / cpu('byHand')).toFixed(2),
      (cpu('library') / cpu('grouped')).toFixed(2),
      (cpu('grouped') / cpu('byHand')).toFixed(2),
      `${((cpu('library') * 1000) / count).toFixed(1)} ms`,
      `${memory('library').toFixed(0)} / ${memory('byHand').toFixed(0)} MB`,
      (memory('library') / memory('byHand')).toFixed(2),
      `${(library.templateBytes / count / 1000).toFixed(1)} / ${(byHand.templateBytes / count / 1000).toFixed(1)} kB`,
    ];
  });
  console.log(`Synth of guarded endpoints, medians of ${rounds} fresh processes each, in turns; validation off`);
  const head = [
    'endpoints',
    'CPU',
    'by hand',
    'ratio',
    'to grouped',
    'grouping alone',
    'CPU each',
    'memory',
    'ratio',
    'template each',
  ];
  console.log(table(head, rows));
}

const sorted = (record: Readonly<Record<string, number>>) =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

const [how, count] = process.argv.slice(2);
if (how === undefined) run();
else console.log(JSON.stringify(measure(how as How, Number(count))));
