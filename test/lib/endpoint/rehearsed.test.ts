import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { matchers, readScenario, rehearse, type Scenario } from '../../../rehearsal';
import { fraud } from './fraud';

const story = (name: string, changed: Partial<Scenario> = {}): Scenario => ({
  ...readScenario(readFileSync(`bin/scenarios/${name}.yaml`, 'utf8'), name),
  ...changed,
});

// The whole matrix: also where metrics are 300 s late, or are never published by fleet.
describe('the recommended alarms, rehearsed', () => {
  let directory: string;
  beforeAll(() => {
    const { stack } = fraud();
    directory = (stack.node.root as unknown as { synth(): { directory: string } }).synth().directory;
  });

  test('let a good version through', async () => {
    const good = await rehearse(directory, { scenario: story('good'), knobs: 'all' });
    expect(good.live).toBe(true);
  });

  test.each([
    ['30 % of errors', story('errors')],
    ['30 % of errors at one request a second', story('errors', { requestsPerSecond: 1 })],
    ['a doubled p99', story('slow')],
  ])('take a version with %s back', async (_what, scenario) => {
    const bad = await rehearse(directory, { scenario, knobs: 'all' });
    expect(bad.safe).toBe(true);
    expect(matchers.toEndOn(bad, 'champion').pass).toBe(true);
  });
});
