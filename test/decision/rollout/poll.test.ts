import { expect, test } from 'vitest';
import { pollSeconds } from '../../../decision';

test('looks often at first, and more seldom the longer it takes', () => {
  expect([0, 60, 100, 200, 1_200, 86_400].map((elapsed) => pollSeconds(elapsed, 5, 600))).toEqual([
    5, 5, 5, 10, 60, 600,
  ]);
});

test('a time that cannot be read counts as nothing', () => {
  expect(pollSeconds(Number.NaN, 15, 600)).toBe(15);
  expect(pollSeconds(-60, 15, 600)).toBe(15);
});

test('sixty days of waiting are a history far below what an execution may have', () => {
  let polls = 0;
  for (let elapsed = 0; elapsed < 60 * 86_400; polls++) elapsed += pollSeconds(elapsed, 60, 3_600);
  expect(polls).toBeLessThan(2_000);
});
