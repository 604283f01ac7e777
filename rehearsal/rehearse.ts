import { championOf } from './champion';
import { readAssembly } from './cloudformation/assembly';
import type { StackArtifact } from './cloudformation/template';
import { handoverOf } from './engine/run-engine';
import { type Knobs, knobSettings } from './knobs';
import { rehearseMatrix } from './matrix';
import { hasEndpoint, withOneEndpoint } from './one-endpoint';
import type { MatrixOutcome, Outcome } from './outcome';
import { outcomeOf } from './outcome-of';
import { type RunOptions, runRehearsal } from './run-rehearsal';
import type { Scenario } from './scenario';

/** Something that synthesizes, such as aws-cdk-lib's `App`. */
export interface Synthesizable {
  synth(): { readonly directory: string };
}

/** What to rehearse, and under which story. */
export interface RehearseOptions {
  readonly scenario: Scenario;
  /**
   * The assembly that is deployed first, an app or the folder of its cloud assembly.
   * @default - the same templates with another model in them
   */
  readonly from?: Synthesizable | string;
  /**
   * The name of the stack to rehearse.
   * @default - the only stack with an endpoint
   */
  readonly stack?: string;
  /**
   * The name of the endpoint to rehearse, where the stack has several. The others, and what waits for them, are left out.
   * @default - the only one
   */
  readonly endpoint?: string;
  /**
   * Decides everything random; the same seed gives the same outcome to the byte.
   * @default 1
   */
  readonly seed?: number;
  /**
   * `all`: every row of an all-pairs matrix of the knobs; otherwise one run, with these settings changed.
   * @default {} every knob at its default
   */
  readonly knobs?: 'all' | Partial<Knobs>;
}

/**
 * Rehearses a deployment in virtual time: deploys version 1 of a stack into an embedded AWS, then version 2, under
 * the scenario's traffic.
 *
 * @param app an app, or the folder of its cloud assembly
 * @throws Error when the assembly holds nothing that can be rehearsed, or something that the rehearsal does not know
 */
export async function rehearse(
  app: Synthesizable | string,
  options: RehearseOptions & { readonly knobs: 'all' },
): Promise<MatrixOutcome>;
export async function rehearse(
  app: Synthesizable | string,
  options: RehearseOptions & { readonly knobs?: Partial<Knobs> },
): Promise<Outcome>;
export async function rehearse(app: Synthesizable | string, options: RehearseOptions): Promise<Outcome | MatrixOutcome>;
export async function rehearse(
  app: Synthesizable | string,
  options: RehearseOptions,
): Promise<Outcome | MatrixOutcome> {
  const { knobs = {}, seed = 1 } = options;
  if (!(Number.isSafeInteger(seed) && seed >= 0)) {
    throw new Error(`seed must be a whole number of at least 0, got ${seed} [InvalidSeed]`);
  }
  if (options.scenario?.champion === undefined) {
    throw new Error(`scenario must be one that defineScenario or readScenario has made, got none [InvalidScenario]`);
  }
  const run = whatToRehearse(app, options);
  if (knobs === 'all') return rehearseMatrix(run);
  return outcomeOf(await runRehearsal({ ...run, knobs: knobSettings(knobs) }));
}

/**
 * Both versions of the stack that is meant, and the story that is told of it.
 *
 * @throws Error when there is no such stack, or the story is not about it
 */
export function whatToRehearse(
  app: Synthesizable | string,
  { scenario, from, stack, endpoint, seed = 1 }: Omit<RehearseOptions, 'knobs'>,
): Omit<RunOptions, 'knobs'> {
  const challenger = withOneEndpoint(stackWithEndpoint(app, stack), endpoint);
  const champion =
    from === undefined
      ? championOf(challenger)
      : withOneEndpoint(stackWithEndpoint(from, challenger.path, challenger.name), endpoint);
  requireModel(scenario, challenger);
  requireEngine(scenario, challenger);
  return { champion, challenger, scenario, seed };
}

/** A story that is told of other models says nothing of this one. */
function requireModel({ name, models }: Scenario, stack: StackArtifact): void {
  if (models?.includes(stack.name) ?? true) return;
  const told = models?.join(', ');
  throw new Error(
    `models of scenario '${name}' must name the stack to rehearse, ${stack.name}, got ${told} [OtherModel]`,
  );
}

/** Guardrails ask nobody, and cannot be told anything while they run. */
function requireEngine({ name, people }: Scenario, stack: StackArtifact): void {
  if (people.length === 0 || handoverOf(stack) !== undefined) return;
  throw new Error(
    `people of scenario '${name}' need an endpoint that a rollout engine owns, and ${stack.name} has none: use a ModelDeployment [NobodyToAsk]`,
  );
}

/** The stack that is called so in the app, or by this name in CloudFormation; the only one with an endpoint when nothing is wanted. */
function stackWithEndpoint(app: Synthesizable | string, wanted: string | undefined, name = wanted): StackArtifact {
  const stacks = readAssembly(typeof app === 'string' ? app : app.synth().directory);
  const names = stacks.map(({ name, path = name }) => path).join(', ');
  const exactly = stacks.filter(({ path }) => wanted !== undefined && path === wanted);
  const called = stacks.filter((stack) => (wanted === undefined ? hasEndpoint(stack) : stack.name === name));
  const found = exactly.length === 1 ? exactly : called;
  if (found.length === 1) return found[0];
  throw new Error(
    wanted === undefined
      ? `stack must name one stack with an endpoint, got ${found.length} of them: ${names} [WhichStack]`
      : `stack must be one of ${names}, got '${wanted}' [UnknownStack]`,
  );
}
