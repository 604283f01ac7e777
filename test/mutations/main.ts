import { sourceEngine } from '../../bin/commands/campaign-engine';
import { conditionMutant } from './condition-mutants';
import { type EngineMutant, machineMutants } from './machine-mutants';
import { drawn } from './stories';
import { allTold, killer } from './trials';

/** What became of one mutant. */
export interface Trial {
  readonly id: string;
  readonly kind: string;
  /** The story that noticed it, and what it said. @default - nobody noticed it */
  readonly killedBy?: string;
}

/** Of every mutant each `of`-th, from the `part`-th on: processes share the work. */
async function trials(part: number, of: number): Promise<Trial[]> {
  const engine = sourceEngine();
  const stories = await allTold(engine, drawn(40));
  const sites = [...new Set(stories.flatMap((story) => [...story.sites]))].sort();
  const mutants: EngineMutant[] = [...machineMutants(engine), ...sites.map((site) => conditionMutant(engine, site))];
  const tried: Trial[] = [];
  for (const mutant of mutants.filter((_, i) => i % of === part)) {
    const { id, kind } = mutant;
    const killedBy = await killer(mutant, stories);
    tried.push(killedBy === undefined ? { id, kind } : { id, kind, killedBy });
  }
  return tried;
}

const [part, of] = process.argv.slice(2).map(Number);
void trials(part, of).then((tried) => process.stdout.write(JSON.stringify(tried)));
