import { sourceEngine } from '../../bin/commands/campaign-engine';
import { practiseAll } from '../rehearsal/engine/grants';
import { conditionMutant } from './condition-mutants';
import { guardrailMutants } from './guardrail-mutants';
import { GUARDED, wrongWith } from './guardrail-stories';
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

/** What becomes of guarded endpoints with one thing wrong in them. */
async function guardrailTrials(): Promise<Trial[]> {
  const tried: Trial[] = [];
  for (const guarded of GUARDED) {
    const whole = await wrongWith(guarded, guarded.stack);
    if (whole !== undefined) throw new Error(`an endpoint guarded by ${guarded.strategy} must end well: ${whole}`);
    for (const { id, kind, stack } of guardrailMutants(guarded.strategy, guarded.stack)) {
      const killedBy = await wrongWith(guarded, stack);
      tried.push(killedBy === undefined ? { id, kind } : { id, kind, killedBy });
    }
  }
  return tried;
}

/** What becomes of roles without one of their actions: a run is the same, byte for byte, up to the first call denied. */
async function grantTrials(): Promise<Trial[]> {
  const { dropped } = await practiseAll();
  return dropped.map(({ grant, missed }) => ({
    id: `grant: ${grant}`,
    kind: 'IAM action',
    ...(missed ? { killedBy: 'a call is denied' } : {}),
  }));
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
  // Whoever has less to do otherwise.
  if (part === of - 1) tried.push(...(await guardrailTrials()), ...(await grantTrials()));
  return tried;
}

const [part, of] = process.argv.slice(2).map(Number);
void trials(part, of).then((tried) => process.stdout.write(JSON.stringify(tried)));
