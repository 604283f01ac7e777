import { Coverage } from './coverage';
import { caseOf } from './draw-case';
import type { Engine } from './engine-account';
import { runCase } from './run-case';

/** What came of many cases; plain data, so that processes can hand it on. */
export interface CampaignReport {
  /** How many rollouts ended so. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly failures: readonly { readonly seed: number; readonly violations: readonly string[] }[];
  readonly edges: readonly string[];
  readonly cells: readonly string[];
  /** Events of the longest history of any execution. */
  readonly longest: number;
  /** Megabytes of heap after each quarter of a part. */
  readonly heapMegabytes: readonly number[];
}

/** Runs the cases of so many seeds, one after the other. */
export async function runCampaign(from: number, count: number, engine: Engine): Promise<CampaignReport> {
  const outcomes: Record<string, number> = {};
  const failures: { seed: number; violations: readonly string[] }[] = [];
  const visited = new Coverage();
  const heapMegabytes: number[] = [];
  let longest = 0;
  for (let i = 0; i < count; i++) {
    const seed = from + i;
    const { outcome, violations, coverage, longest: events } = await runCase(caseOf(seed), engine);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (violations.length > 0) failures.push({ seed, violations });
    visited.add(coverage);
    longest = Math.max(longest, events);
    if ((i + 1) % Math.ceil(count / 4) === 0) heapMegabytes.push(Math.round(process.memoryUsage().heapUsed / 2 ** 20));
  }
  return { outcomes, failures, edges: [...visited.edges], cells: [...visited.cells], longest, heapMegabytes };
}

/** Reports of parts as one. */
export function sumOf(parts: readonly CampaignReport[]): CampaignReport {
  const outcomes: Record<string, number> = {};
  for (const part of parts) {
    for (const [outcome, runs] of Object.entries(part.outcomes)) outcomes[outcome] = (outcomes[outcome] ?? 0) + runs;
  }
  const all = <T>(of: (part: CampaignReport) => readonly T[]) => [...new Set(parts.flatMap(of))];
  return {
    outcomes,
    failures: parts.flatMap(({ failures }) => failures),
    edges: all(({ edges }) => edges),
    cells: all(({ cells }) => cells),
    longest: Math.max(...parts.map(({ longest }) => longest)),
    heapMegabytes: parts[0]?.heapMegabytes ?? [],
  };
}
