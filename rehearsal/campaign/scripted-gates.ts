import { AwsError, type Json } from '../services';
import type { World } from '../world';
import type { Answer, CampaignCase, CasePhase } from './campaign-case';

/** What users' functions have given back and nobody should take for a verdict. */
const GARBAGE: readonly Json[] = [
  null,
  {},
  'pass',
  { kind: 'PASS', reason: 'good' },
  { kind: 'pass' },
  { kind: true, reason: 'good' },
];

/** Seconds after which an answer is no answer. */
const TOO_LATE_SECONDS = 1_200;

/** Who is asked in a phase, in the order in which the engine asks. */
export function askersOf({ kind }: CasePhase, { functions }: CampaignCase['plan']): string[] {
  const watched = kind === 'stage' || kind === 'watch';
  return [watched ? 'judge' : 'judge-data', ...functions.filter((each) => each === kind).map((each) => `user-${each}`)];
}

/** Answers gates as the case says, tick by tick, and writes into the log what was really said. */
export class ScriptedGates {
  private readonly ticks = new Map<string, string[]>();

  constructor(
    private readonly one: CampaignCase,
    private readonly world: () => World,
  ) {}

  public readonly ask = async (name: string, event: Json): Promise<Json> => {
    const phase = Number(event.stage);
    const answer = this.answerOf(name, phase, this.tickOf(`${name}/${phase}`, event.at));
    const { log, clock } = this.world();
    log.record('gate', 'GateAnswered', `${name} in phase ${phase}: ${answer}`, {
      asker: name,
      phase,
      tick: event.at,
      answer,
    });
    if (answer === 'late') await clock.sleep(1000 * TOO_LATE_SECONDS);
    if (answer === 'crash') throw new AwsError('TypeError', 'undefined is not a function');
    if (answer === 'garbage') return GARBAGE[(phase + this.one.seed) % GARBAGE.length];
    const kind = answer === 'late' ? 'pass' : answer;
    return { schemaVersion: 1, kind, reason: `scripted ${answer}`, evidence: {} };
  };

  /** The how-manieth tick this is; a repeated one is the same. */
  private tickOf(key: string, at: string): number {
    const seen = this.ticks.get(key) ?? [];
    if (!seen.includes(at)) this.ticks.set(key, [...seen, at]);
    return (this.ticks.get(key) ?? []).indexOf(at);
  }

  private answerOf(name: string, phase: number, tick: number): Answer {
    const { model, plan } = this.one;
    const askers = askersOf(plan.phases[phase], plan);
    const said = model.answers.find(
      (each) =>
        each.phase % plan.phases.length === phase &&
        askers[each.asker % askers.length] === name &&
        tick >= each.tick &&
        tick < each.tick + each.ticks,
    );
    return said?.answer ?? 'pass';
  }
}
