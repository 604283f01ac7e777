import { expect, test } from 'vitest';
import { championOf } from '../../../rehearsal/champion';
import { knobSettings } from '../../../rehearsal/knobs';
import type { Deed } from '../../../rehearsal/scenario';
import { RehearsalInProgress } from '../../../rehearsal/serve';
import { brief, versionOf } from '../engine/deployment';
import { percentOf } from '../engine/practice';
import { story } from '../fixtures/scenarios';

const MINUTE = 60_000;
const challenger = versionOf('2', { strategy: brief });
const champion = championOf(challenger);

const begun = (...people: Deed[]) => {
  const scenario = story('served', {}, { people });
  return RehearsalInProgress.begin({ champion, challenger, scenario, seed: 1, knobs: knobSettings() });
};
const subjects = (rehearsal: RehearsalInProgress) =>
  rehearsal.messages().map(({ subject }) => subject.replace('fraud: ', ''));

test('a rehearsal in progress has handed the second version over, and nothing of it has traffic yet', async () => {
  const rehearsal = await begun();
  expect(rehearsal.deployed).toMatchObject({ status: 'UPDATE_COMPLETE' });
  expect(percentOf(rehearsal.engine)).toBe(0);
  expect([rehearsal.approvers, rehearsal.operator]).toEqual([[], 'OnCall']);
  expect(rehearsal.where).toMatchObject({ region: 'us-east-1', account: '123456789012' });
});

test('many small steps of time are one large one', async () => {
  const [small, large] = [await begun(), await begun()];
  for (let i = 0; i < 40; i++) await small.advance(MINUTE);
  await large.advance(40 * MINUTE);
  expect(small.now).toBe(large.now);
  expect(small.messages()).toEqual(large.messages());
  expect([...small.engine.further.dynamodb.tables[0].all]).toEqual([...large.engine.further.dynamodb.tables[0].all]);
});

test('a message is told once', async () => {
  const rehearsal = await begun();
  expect(subjects(rehearsal)).toEqual([]);
  await rehearsal.advance(60 * MINUTE);
  expect(subjects(rehearsal)).toEqual(['RolloutStarted', 'TrafficShifted', 'TrafficShifted', 'RolloutPromoted']);
  expect(subjects(rehearsal)).toEqual([]);
});

test('the people of the scenario do what it says, when time comes to it', async () => {
  const rehearsal = await begun({ does: 'rollback', afterSeconds: 8 * 60 });
  await rehearsal.advance(7 * MINUTE);
  expect(subjects(rehearsal)).toEqual(['RolloutStarted', 'TrafficShifted']);
  await rehearsal.advance(20 * MINUTE);
  expect(subjects(rehearsal)).toEqual(['RollbackAsked', 'RollbackStarted', 'RolloutRolledBack']);
  expect(percentOf(rehearsal.engine)).toBe(0);
});

test('fails where the first version does not come to serve', async () => {
  const nothing = { ...champion, template: { Resources: {} } };
  const run = { champion: nothing, challenger, scenario: story('served', {}), seed: 1, knobs: knobSettings() };
  await expect(RehearsalInProgress.begin(run)).rejects.toThrow('[NoChampion]');
});
