import { beforeEach, expect, test, vi } from 'vitest';
import { sourceEngine } from '../../bin/commands/campaign-engine';
import reasons from '../../scripts/mutation-survivors.json';
import { conditionMutant } from './condition-mutants';
import { machineMutants } from './machine-mutants';
import { STORIES } from './stories';
import { killer, told } from './trials';

// What the functions would write to their logs.
beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => {}));

const engine = sourceEngine();
const stories = told(STORIES, engine);
const mutants = machineMutants(engine);
const survives = (id: string) => Object.hasOwn(reasons, id);

test('every written story has the end that it must have, by the engine as it is', async () => {
  expect((await stories).length).toBeGreaterThan(30);
});

// All others: npm run mutate-templates.
test('an engine whose Choice goes the other way is noticed', async () => {
  const wrong = mutants.filter(({ kind, id }) => kind === 'Choice' && !survives(id));
  const unnoticed: string[] = [];
  for (const mutant of wrong) if ((await killer(mutant, await stories)) === undefined) unnoticed.push(mutant.id);
  expect(unnoticed).toEqual([]);
  expect(wrong.length).toBeGreaterThan(15);
});

test('an engine whose lock can be taken twice is noticed', async () => {
  const sites = [...new Set((await stories).flatMap((story) => [...story.sites]))].filter((site) =>
    / LOCK /.test(site),
  );
  const taking = sites.filter((site) => site.startsWith('fence'));
  expect(taking).not.toEqual([]);
  for (const site of taking) expect(await killer(conditionMutant(engine, site), await stories)).toBeDefined();
});

test('every survivor that has a reason is a mutant of the engine as it is', () => {
  const known = new Set(mutants.map(({ id }) => id));
  const gone = Object.keys(reasons).filter((id) => !/^(condition: |guarded by )/.test(id) && !known.has(id));
  expect(gone).toEqual([]);
});
