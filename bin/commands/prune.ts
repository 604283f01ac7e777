import { OWNER_TAG } from '../../lambda/aws/owner-tag';
import { type AccountGenerations, accountGenerations } from '../operate/account-generations';
import { attempt } from '../operate/aws-words';
import { type Prune, prunable } from '../operate/generations';
import type { Surroundings } from '../operate/surroundings';

/** How `rollouts prune` was called. */
export interface PruneOptions {
  readonly keep: number;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/**
 * `rollouts prune`: deletes endpoint configs and models that the stack of an `Endpoint` has left behind. Without `--yes` it
 * only says which.
 */
export async function prune(endpoint: string, options: PruneOptions, around: Surroundings): Promise<number> {
  const account = accountGenerations(around.clients);
  const found = await attempt(`the generations of ${endpoint} could not be read`, () =>
    leftovers(account, endpoint, options.keep),
  );
  const deleted = options.yes === true;
  if (deleted) await attempt('not everything could be deleted', () => remove(account, found));
  around.write(options.json === true ? inJson(endpoint, found, deleted) : inText(endpoint, found, deleted));
  return 0;
}

async function leftovers(account: AccountGenerations, name: string, keep: number): Promise<Prune> {
  const endpoint = await account.endpoint(name);
  if ((await account.tags(endpoint.arn)).has(OWNER_TAG)) {
    throw new Error(`endpoint ${name} must be one that a stack owns; a rollout engine owns this one [EngineOwned]`);
  }
  if (endpoint.status !== 'InService' || endpoint.configs.length !== 1) {
    throw new Error(
      `endpoint ${name} must be InService and at rest, is ${endpoint.status}; try again then [EndpointBusy]`,
    );
  }
  const [served] = endpoint.configs;
  const generations = await account.generations();
  const origin = generations.find(({ config }) => config === served)?.madeBy;
  const stack = origin === undefined ? undefined : await account.stack(origin.stackId);
  if (stack !== undefined && !/^(CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT)_COMPLETE$/.test(stack.status)) {
    throw new Error(`the stack of ${name} must be at rest, is ${stack.status}; try again then [StackBusy]`);
  }
  // Last of all: what another endpoint took up meanwhile is seen.
  const inUse = new Set<string>();
  for (const other of await account.endpoints()) {
    for (const config of (await account.endpoint(other)).configs) inUse.add(config);
  }
  return prunable({
    served,
    generations,
    inUse,
    declared: stack?.names ?? new Set(),
    stackOfModel: (model) => account.stackOfModel(model, endpoint.arn),
    keep,
  });
}

/** Configs first: a model that a config names must be there while the config is. */
async function remove(account: AccountGenerations, { configs, models }: Prune): Promise<void> {
  for (const config of configs) await account.deleteConfig(config);
  for (const model of models) await account.deleteModel(model);
}

function inJson(endpoint: string, { configs, models, kept }: Prune, deleted: boolean): string {
  return `${JSON.stringify({ schemaVersion: 1, endpoint, deleted, configs, models, kept }, null, 2)}\n`;
}

function inText(endpoint: string, { configs, models, kept }: Prune, deleted: boolean): string {
  const doing = deleted ? 'deleted' : 'would delete';
  const lines = [
    ...kept.map(({ config, why }) => `keeps         config ${config}: ${why}`),
    ...configs.map((config) => `${doing.padEnd(13)} config ${config}`),
    ...models.map((model) => `${doing.padEnd(13)} model ${model}`),
  ];
  if (configs.length === 0) lines.push(`nothing of ${endpoint} is left over`);
  else if (!deleted) lines.push('nothing was deleted; --yes does it');
  return `${lines.join('\n')}\n`;
}
