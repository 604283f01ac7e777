import { Coverage, type Visited } from './coverage';

/** What came of one case. */
export interface CaseReport {
  readonly outcome: string;
  /** What did not hold; empty when all is well. */
  readonly violations: readonly string[];
  readonly visited: Visited;
  /** Events of the longest history of any execution. */
  readonly longest: number;
}

/** What came of many cases; plain data, so that processes can hand it on. */
export interface CampaignReport {
  /** How many rollouts ended so. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly failures: readonly { readonly seed: number; readonly violations: readonly string[] }[];
  readonly visited: Visited;
  /** Events of the longest history of any execution. */
  readonly longest: number;
  /** Megabytes of heap after each quarter of a part. */
  readonly heapMegabytes: readonly number[];
}

/** Runs the cases of so many seeds, one after the other. */
export async function runCampaign(
  from: number,
  count: number,
  run: (seed: number) => Promise<CaseReport>,
): Promise<CampaignReport> {
  const outcomes: Record<string, number> = {};
  const failures: { seed: number; violations: readonly string[] }[] = [];
  const coverage = new Coverage();
  const heapMegabytes: number[] = [];
  let longest = 0;
  for (let i = 0; i < count; i++) {
    const seed = from + i;
    const { outcome, violations, visited, longest: events } = await run(seed);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (violations.length > 0) failures.push({ seed, violations });
    coverage.add(visited);
    longest = Math.max(longest, events);
    if ((i + 1) % Math.ceil(count / 4) === 0) heapMegabytes.push(Math.round(process.memoryUsage().heapUsed / 2 ** 20));
  }
  return { outcomes, failures, visited: coverage.visited, longest, heapMegabytes };
}

/** Reports of parts as one. */
export function sumOf(parts: readonly CampaignReport[]): CampaignReport {
  const outcomes: Record<string, number> = {};
  const coverage = new Coverage();
  for (const part of parts) {
    coverage.add(part.visited);
    for (const [outcome, runs] of Object.entries(part.outcomes)) outcomes[outcome] = (outcomes[outcome] ?? 0) + runs;
  }
  return {
    outcomes,
    failures: parts.flatMap(({ failures }) => failures),
    visited: coverage.visited,
    longest: Math.max(...parts.map(({ longest }) => longest)),
    heapMegabytes: parts[0]?.heapMegabytes ?? [],
  };
}

/** Ends of rollouts, each of which a campaign must have seen often enough to say something about it. */
const CLASSES = ['promoted', 'rolledBack', 'held', 'aborted', 'failed'];
const LEAST_SHARE = 0.05;

/** What a campaign has seen too little of: ends that are rarer than one in twenty; sentences, none is good. */
export function rareEnds({ outcomes }: CampaignReport): string[] {
  const count = Object.values(outcomes).reduce((sum, runs) => sum + runs, 0);
  return CLASSES.filter((each) => (outcomes[each] ?? 0) < LEAST_SHARE * count).map(
    (each) => `${each} in ${outcomes[each] ?? 0} of ${count} runs, less than ${100 * LEAST_SHARE} %`,
  );
}
