import { Duration } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { expect, test } from 'vitest';
import type { Scenario } from '../../../rehearsal/scenario';
import { type Fault, type FaultKind, Faults } from '../../../rehearsal/services';
import { errors, good } from '../fixtures/scenarios';
import { practised } from './deployment';
import { rollOut } from './practice';
import { countsOf, fewestOf, scaledVersion } from './scaled';

const brief = new rollouts.StagedStrategy({
  stages: [{ percent: 25, bake: Duration.minutes(5) }],
  watchPeriod: Duration.minutes(5),
});

async function under(scenario: Scenario, planned: readonly Fault[]) {
  const faults = new Faults(planned);
  const engine = await practised({ scenario, faults }, scaledVersion('1', brief), 2);
  const before = new Map(faults.calls);
  const { a = 0 } = countsOf(engine);
  const ended = await rollOut(engine, scaledVersion('2', brief), undefined, 30 * 60);
  return { ended, engine, stood: fewestOf(engine, 'a') >= a, before, after: faults.calls };
}

/** Every call of Application Auto Scaling in a rollout, with every fault; one of thirty-one of them, all by EVERY_FAULT=1. */
async function cells(scenario: Scenario, kinds: readonly FaultKind[]): Promise<Fault[]> {
  const { before, after } = await under(scenario, []);
  const all = [...after]
    .filter(([api]) => api.startsWith('application-autoscaling:'))
    .flatMap(([api, last]) => {
      const first = (before.get(api) ?? 0) + 1;
      return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => ({ api, call: first + i }));
    })
    .flatMap((address) => kinds.map((kind): Fault => ({ ...address, kind })));
  expect(new Set(all.map(({ api }) => api)).size).toBe(4);
  return process.env['EVERY_FAULT'] === undefined ? all.filter((_, i) => i % 31 === 0) : all;
}

const words = ({ api, call, kind }: Fault) => `${api}#${call} ${kind}`;
const TRANSIENT = ['throttled', 'failed', 'replyLost', 'silent'] as const;

test('a fault of auto scaling that passes by itself keeps no good version back', { timeout: 600_000 }, async () => {
  const bad: string[] = [];
  for (const fault of await cells(good, TRANSIENT)) {
    const { ended, engine } = await under(good, [fault]);
    const { outcome, percent, violations } = ended;
    const { a, b = 0 } = countsOf(engine);
    const isGood = outcome === 'promoted' && percent === 100 && a === 1 && b >= 2 && violations.length === 0;
    if (!isGood) bad.push(`${words(fault)}: ${outcome} ${percent} % ${ended.reason} ${violations}`);
  }
  expect(bad).toEqual([]);
});

test('no fault of auto scaling keeps a bad version, nor takes instances from the champion', {
  timeout: 600_000,
}, async () => {
  const bad: string[] = [];
  for (const fault of await cells(errors, [...TRANSIENT, 'denied'])) {
    const { ended, stood } = await under(errors, [fault]);
    const { outcome, percent, violations } = ended;
    if (!(percent === 0 && stood && violations.length === 0)) {
      bad.push(`${words(fault)}: ${outcome} ${percent} % ${ended.reason} ${violations}`);
    }
  }
  expect(bad).toEqual([]);
});
