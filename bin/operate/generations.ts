/** One endpoint config of the account: what was launched, or would be. */
export interface Generation {
  readonly config: string;
  readonly createdAt: number;
  readonly models: readonly string[];
  /** The stack and the resource of it that made it; undefined when no stack did. */
  readonly madeBy: { readonly stackId: string; readonly logicalId: string } | undefined;
}

/** Everything that decides what may go. */
export interface PruneFacts {
  /** The config that the endpoint serves. */
  readonly served: string;
  /** Every config of the account. */
  readonly generations: readonly Generation[];
  /** Configs that an endpoint serves or is being updated to, in the whole account. */
  readonly inUse: ReadonlySet<string>;
  /** Names of what the current template of the stack has made. */
  readonly declared: ReadonlySet<string>;
  /** The stack of each model that may go; undefined when no stack made it. */
  readonly stackOfModel: (model: string) => Promise<string | undefined>;
  /** How many of the newest generations stay. */
  readonly keep: number;
}

/** A generation that stays, and why. */
export interface Kept {
  readonly config: string;
  readonly why: string;
}

/** What may go, and what stays of the generations of this endpoint. */
export interface Prune {
  readonly configs: readonly string[];
  readonly models: readonly string[];
  readonly kept: readonly Kept[];
}

/**
 * What may go of the generations that an endpoint's stack has left behind: never what serves anywhere, what an update is on
 * its way to, what the stack declares now, or one of the newest. A model goes when its stack made it and no config that
 * stays has it.
 */
export async function prunable(facts: PruneFacts): Promise<Prune> {
  const { served, generations, inUse, declared, keep } = facts;
  const live = generations.find(({ config }) => config === served);
  const origin = live?.madeBy;
  if (live === undefined || origin === undefined) {
    throw new Error(
      `config ${served}, which serves, must be made by a stack, and is not: only what stacks leave behind is pruned [NotOfAStack]`,
    );
  }
  const own = generations
    .filter(({ madeBy }) => madeBy?.stackId === origin.stackId && madeBy.logicalId === origin.logicalId)
    .sort((a, b) => b.createdAt - a.createdAt || a.config.localeCompare(b.config));
  const why = (config: string, place: number): string | undefined => {
    if (inUse.has(config)) return 'serves, or is being updated to';
    if (declared.has(config)) return 'the stack declares it';
    return place < keep ? `one of the newest ${keep}` : undefined;
  };
  const judged = own.map((generation, place) => ({ generation, why: why(generation.config, place) }));
  const going = judged.filter((each) => each.why === undefined).map(({ generation }) => generation);
  const gone = new Set(going.map(({ config }) => config));
  const needed = new Set(generations.filter(({ config }) => !gone.has(config)).flatMap(({ models }) => models));
  const orphans = [...new Set(going.flatMap(({ models }) => models))].filter(
    (model) => !needed.has(model) && !declared.has(model),
  );
  const models: string[] = [];
  for (const model of orphans) if ((await facts.stackOfModel(model)) === origin.stackId) models.push(model);
  return {
    configs: going.map(({ config }) => config),
    models,
    kept: judged.flatMap((each) => (each.why === undefined ? [] : [{ config: each.generation.config, why: each.why }])),
  };
}
