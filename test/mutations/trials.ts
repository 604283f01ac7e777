import { Coverage } from '../../rehearsal/campaign/coverage';
import type { Engine } from '../../rehearsal/campaign/engine-account';
import { runCase } from '../../rehearsal/campaign/run-case';
import { watchingConditions } from './condition-mutants';
import { createdBy, FIRST_VERSIONS, type FirstVersion } from './first-version';
import type { EngineMutant } from './machine-mutants';
import { anyMoment, STORIES, type Story, troubles } from './stories';

/** What a story came to: what is wrong with it, and where it has been. */
interface Came {
  readonly wrong: readonly string[];
  readonly coverage: Coverage;
}

/** A story that ends well when the engine is as it is. */
export interface Told {
  readonly name: string;
  readonly states: ReadonlySet<string>;
  readonly failed: ReadonlySet<string>;
  readonly cells: ReadonlySet<string>;
  readonly sites: ReadonlySet<string>;
  readonly tell: (engine: Engine) => Promise<Came>;
}

/** More calls than a short rollout makes of any API. */
const MOST_CALLS = 400;

const rollout =
  ({ one, outcome, account, avoids }: Story) =>
  async (engine: Engine): Promise<Came> => {
    const result = await runCase(one, account?.(engine) ?? engine);
    const ended = outcome === undefined || outcome === result.outcome ? [] : [`${result.outcome}, not ${outcome}`];
    const { coverage, violations } = result;
    const strayed = avoids !== undefined && coverage.states.has(avoids) ? [`it came to ${avoids}`] : [];
    return { coverage, wrong: [...violations, ...ended, ...strayed] };
  };

const creation = (first: FirstVersion) => (engine: Engine) =>
  createdBy(engine, first).catch((error: Error) => ({ coverage: new Coverage(), wrong: [error.message] }));

/** Tells a story by the engine as it is: nothing may be wrong with it. */
async function toldWell(name: string, tell: Told['tell'], engine: Engine): Promise<Told> {
  const sites = new Set<string>();
  const { coverage, wrong } = await tell(watchingConditions(engine, (site) => sites.add(site)));
  if (wrong.length > 0) throw new Error(`'${name}' must end well without a mutant: ${wrong.join('; ')}`);
  const { edges, failed, cells } = coverage;
  return { name, states: statesOf(edges), failed, cells, sites, tell };
}

/** Some stories, told. */
export async function told(stories: readonly Story[], engine: Engine): Promise<Told[]> {
  const found: Told[] = [];
  for (const story of stories) found.push(await toldWell(story.name, rollout(story), engine));
  for (const first of FIRST_VERSIONS) found.push(await toldWell(first.name, creation(first), engine));
  return found;
}

/** All stories: those that are written down, and each with trouble at every call. Of like ones the first and the last. */
export async function allTold(engine: Engine, drawn: readonly Story[] = []): Promise<Told[]> {
  const found = await told([...STORIES, ...anyMoment, ...drawn], engine);
  for (const { at, cell } of troubles) {
    const like = new Map<string, Told[]>();
    for (let call = 1; call < MOST_CALLS; call++) {
      const story = at(call);
      const next = await toldWell(story.name, rollout(story), engine);
      if (!next.cells.has(cell)) break;
      const key = [...next.failed].join();
      like.set(key, [...(like.get(key) ?? []).slice(0, 1), next]);
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
export async function killer(mutant: EngineMutant, stories: readonly Told[]): Promise<string | undefined> {
  for (const each of stories.filter((one) => shows(mutant, one))) {
    const { wrong } = await each.tell(mutant.engine);
    if (wrong.length > 0) return `${each.name}: ${wrong[0]}`;
  }
  return undefined;
}
