import { beforeAll, expect, test } from 'vitest';
import { type Practised, practiseAll } from './grants';
import exceptions from './unused-grants.json';

const reasons = Object.keys(exceptions).map((pattern) => new RegExp(pattern));
const excused = (grant: string) => reasons.some((one) => one.test(grant));
let found: Practised;

beforeAll(async () => {
  found = await practiseAll();
}, 300_000);

test('nothing that a role needs is denied', () => {
  expect(found.denied).toEqual([]);
});

test('nothing that a role is granted is unused', () => {
  expect(found.unused.filter((grant) => !excused(grant))).toEqual([]);
  // A reason that is needed no more is a grant that is used by now.
  expect(reasons.filter((one) => !found.unused.some((grant) => one.test(grant))).map(String)).toEqual([]);
});

test('without any one of its actions a role is denied a call', () => {
  expect(found.dropped.filter(({ missed, grant }) => !missed && !excused(grant))).toEqual([]);
  expect(found.dropped.filter(({ missed }) => missed).length).toBeGreaterThan(40);
});
