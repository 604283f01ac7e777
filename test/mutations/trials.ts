import type { Engine } from '../../rehearsal/campaign/engine-account';
import { type CaseResult, runCase } from '../../rehearsal/campaign/run-case';
import { watchingConditions } from './condition-mutants';
import type { EngineMutant } from './machine-mutants';
import { anyMoment, type Story, STORIES, troubles } from './stories';

/** A story, told by the engine as it is. */
export interface Told {
  readonly story: Story;
  readonly states: ReadonlySet<string>;
  readonly failed: ReadonlySet<string>;
  readonly sites: ReadonlySet<string>;
}

/** Tells a story. @returns what is wrong with its end; nothing when all is well */
async function tell({ one, outcome, account }: Story, engine: Engine): Promise<{ result: CaseResult; wrong: readonly string[] }> {
  const result = await runCase(one, account?.(engine) ?? engine);
  const ended = outcome === undefined || outcome === result.outcome ? [] : [`${result.outcome}, not ${outcome}`];
  return { result, wrong: [...result.violations, ...ended] };
}

/** Tells a story by the engine as it is: nothing may be wrong with it. */
export async function toldWell(story: Story, engine: Engine): Promise<Told & { readonly cells: ReadonlySet<string> }> {
  const sites = new Set<string>();
  const { result, wrong } = await tell(
    story,
    watchingConditions(engine, (site) => sites.add(site)),
  );
  if (wrong.length > 0) throw new Error(`'${story.name}' must end well without a mutant: ${wrong.join('; ')}`);
  const { edges, failed, cells } = result.coverage;
  return { story, states: statesOf(edges), failed, sites, cells };
}

/** All stories: those that are written down, and each with trouble at every call. Of like ones the first and the last. */
export async function allTold(engine: Engine, drawn: readonly Story[] = []): Promise<Told[]> {
  const found: Told[] = [];
  for (const story of [...STORIES, ...anyMoment, ...drawn]) found.push(await toldWell(story, engine));
  for (const { at, cell } of troubles) {
    const like = new Map<string, Told[]>();
    for (let call = 1; ; call++) {
      const told = await toldWell(at(call), engine);
      if (!told.cells.has(cell)) break;
      const key = [...told.failed].join();
      like.set(key, [...(like.get(key) ?? []).slice(0, 1), told]);
    }
    found.push(...[...like.values()].flat());
  }
  return found;
}

const statesOf = (edges: ReadonlySet<string>): Set<string> =>
  new Set(
    [...edges].flatMap((edge) => {
      const [, machine, from, to] = /^(\w+): (\w+) -> (\w+)$/.exec(edge) ?? [];
      return [`${machine}: ${from}`, `${machine}: ${to}`];
    }),
  );

/** Whether a mutant can be seen in a story: where its place is not passed, every byte is the same. */
const shows = ({ state, onFailure, site }: EngineMutant, { states, failed, sites }: Told): boolean =>
  site === undefined ? (onFailure ? failed : states).has(state ?? '') : sites.has(site);

/** The story that notices a mutant, and what it says; undefined when none does. */
export async function killer(mutant: EngineMutant, told: readonly Told[]): Promise<string | undefined> {
  for (const each of told.filter((one) => shows(mutant, one))) {
    const { wrong } = await tell(each.story, mutant.engine);
    if (wrong.length > 0) return `${each.story.name}: ${wrong[0]}`;
  }
  return undefined;
}
