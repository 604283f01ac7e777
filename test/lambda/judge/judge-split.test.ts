import { expect, test } from 'vitest';
import { judgeSplit } from '../../../lambda/judge/judge-split';
import { randomStream } from '../../../rehearsal/time/random';
import { poisson } from '../../../rehearsal/traffic/samplers';
import { MINUTE, START } from './fake-world';

/** Two days at 5 %, as minutes with a mean number of requests; CloudWatch has no datapoint for a minute without any. */
function split(means: { challenger: number; champion: number }, heard: (minute: number) => boolean = () => true) {
  const at = START + 2880 * MINUTE;
  const series = (mean: number, concern: string, told: (minute: number) => boolean) => {
    const random = randomStream(7, concern);
    const minutes = Array.from({ length: 2880 }, (_, i) => [START + i * MINUTE, poisson(random, mean)] as const);
    const requests = new Map(minutes.filter(([, count], i) => count > 0 && told(i)));
    return { numerator: requests, denominator: requests };
  };
  const event = { at, startedAt: START, shares: [{ at: START, percent: 5 }] } as Parameters<typeof judgeSplit>[2];
  return judgeSplit(
    series(means.challenger, 'b', heard),
    series(means.champion, 'a', () => true),
    event,
  );
}

test('a sound split of little traffic is sound, though every twentieth minute has no request for the challenger', () => {
  expect(split({ challenger: 3, champion: 57 })).toMatchObject({ kind: 'pass' });
  expect(split({ challenger: 0.6, champion: 11.4 })).toMatchObject({ kind: 'pass' });
});

test('a challenger that gets a third less of little traffic than it should is found', () => {
  expect(split({ challenger: 2, champion: 58 })).toMatchObject({
    kind: 'hold',
    reason: expect.stringContaining('split is broken'),
  });
});

test('minutes without any metrics of a variant that has many requests are no information', () => {
  const verdict = split({ challenger: 300, champion: 5700 }, (minute) => minute % 4 > 0);
  expect(verdict).toMatchObject({ kind: 'pass' });
});
