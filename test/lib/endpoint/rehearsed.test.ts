import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { beforeAll, describe, expect, test } from 'vitest';
import * as rollouts from '../../../lib';
import { matchers, readScenario, rehearse, type Scenario } from '../../../rehearsal';
import { fraud } from './fraud';

const story = (name: string, changed: Partial<Scenario> = {}): Scenario => ({
  ...readScenario(readFileSync(`bin/scenarios/${name}.yaml`, 'utf8'), name),
  ...changed,
});

const synthesized = (props: Partial<rollouts.EndpointProps> = {}) => App.of(fraud(props).stack)!.synth().directory;

// The whole matrix: also where metrics are 300 s late, or are never published by fleet.
describe('the recommended alarms, rehearsed', () => {
  let directory: string;
  beforeAll(() => {
    directory = synthesized();
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

  // Good versions that errors and slow requests by chance make look bad: one seed for each alarm.
  test.each([44, 47, 52, 88])('wait a minute longer where one request a second is declared (seed %i)', async (seed) => {
    const hosting = rollouts.Hosting.instances({
      instanceType: 'ml.m5.xlarge',
      initialInstanceCount: 4,
      requestsPerSecond: 1,
    });
    const scenario = story('low-traffic');
    const unlucky = await rehearse(directory, { scenario, seed });
    expect(unlucky.outcome).toBe('rolledBack');
    const patient = await rehearse(synthesized({ hosting }), { scenario, seed });
    expect(patient.outcome, patient.reason).toBe('promoted');
    for (const name of ['errors', 'slow']) {
      const bad = await rehearse(synthesized({ hosting }), {
        scenario: story(name, { requestsPerSecond: 1 }),
        seed,
        knobs: 'all',
      });
      expect(bad.safe).toBe(true);
      expect(matchers.toEndOn(bad, 'champion').pass).toBe(true);
    }
  });
});
