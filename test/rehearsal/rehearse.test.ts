import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Template } from '../../rehearsal/cloudformation/template';
import type { Outcome } from '../../rehearsal/outcome';
import { rehearse } from '../../rehearsal/rehearse';
import { writeAssembly } from './fixtures/assembly';
import { type L1Options, l1Template } from './fixtures/l1-template';
import { crashes, errors, good, noCapacity, story } from './fixtures/scenarios';

const root = mkdtempSync(join(tmpdir(), 'rehearse-'));
afterAll(() => rmSync(root, { recursive: true }));
let assemblies = 0;
const assembly = (templates: Record<string, Template>) => writeAssembly(join(root, String(++assemblies)), templates);
const l1 = (options: L1Options = {}) => assembly({ Fraud: l1Template({ retain: true, ...options }) });

const events = ({ timeline }: Outcome) => timeline.map(({ event }) => event);

describe('a rehearsal of a hand-written canary', () => {
  test('promotes a good model through both bakes', async () => {
    const outcome = await rehearse(l1(), { scenario: good });
    expect(outcome).toMatchObject({
      outcome: 'promoted',
      servedConfig: 'challenger',
      stack: 'Fraud',
      endpoint: 'fraud',
      strategy: 'canary',
      badRequests: 0,
      onsetSeconds: null,
      violations: [],
    });
    const shifts = outcome.timeline.filter(({ event }) => event === 'TrafficShifted');
    expect(shifts.map(({ challengerPercent }) => challengerPercent)).toEqual([25, 100]);
    expect(outcome.totalSeconds).toBeGreaterThan(1200);
  });

  test('takes back a model with 30 % errors, and says why and when', async () => {
    const outcome = await rehearse(l1(), { scenario: errors });
    expect(outcome).toMatchObject({ outcome: 'rolledBack', servedConfig: 'champion', violations: [] });
    expect(outcome.reason).toMatch(/^alarm Errors-\w+ is in ALARM$/);
    const { onsetSeconds, detectSeconds, decideSeconds, restoreSeconds, timeline, verdicts } = outcome;
    const at = (event: string) => timeline.find((entry) => entry.event === event)?.atSeconds ?? Number.NaN;
    expect(onsetSeconds).toBeCloseTo(at('TrafficShifted'), 0);
    expect(detectSeconds).toBeCloseTo(at('AlarmStateChanged') - (onsetSeconds ?? 0), 0);
    expect(decideSeconds).toBeCloseTo(at('RollbackStarted') - (onsetSeconds ?? 0), 0);
    expect(detectSeconds).toBeGreaterThan(120);
    expect(restoreSeconds).toBe(5);
    expect(verdicts).toContainEqual(expect.objectContaining({ kind: 'fail' }));
    // A quarter of 100 requests a second with 30 % errors, until the rollback.
    expect(outcome.badRequests / (25 * 0.3 * (decideSeconds ?? 0))).toBeGreaterThan(0.7);
    expect(outcome.badRequests / (25 * 0.3 * (decideSeconds ?? 0))).toBeLessThan(1.3);
  });

  test.each([crashes, noCapacity])('keeps serving the champion when the new fleet $name', async (scenario) => {
    const outcome = await rehearse(l1(), { scenario });
    expect(outcome).toMatchObject({ outcome: 'rolledBack', servedConfig: 'champion', badRequests: 0 });
    expect(events(outcome)).not.toContain('TrafficShifted');
    expect(outcome.timeline.every(({ challengerPercent }) => challengerPercent === 0)).toBe(true);
  });

  test('an alarm that stands before the new version answers: seen and decided at once, and not when the stack goes back', async () => {
    const sick = { errorRate: 0.1, clientErrorRate: 0.002, latencyP50: 20, latencyP99: 80, capacityPerInstance: 200 };
    const scenario = story('both', { errorRate: 0.5 }, { champion: { ...sick, startup: 'healthy' } });
    for (let seed = 1; seed <= 5; seed++) {
      const outcome = await rehearse(l1(), { scenario, seed });
      const rolledBack = outcome.timeline.filter(({ event }) => event === 'RollbackStarted');
      expect(outcome.badRequests).toBeGreaterThan(0);
      expect(rolledBack[0].atSeconds).toBeLessThanOrEqual((outcome.onsetSeconds ?? 0) + 1);
      expect(outcome).toMatchObject({ outcome: 'rolledBack', restoreSeconds: 5 });
      expect(outcome.detectSeconds).toBeLessThanOrEqual(1);
      expect(outcome.decideSeconds).toBeLessThanOrEqual(1);
    }
  });

  test('finds the stacks of stages, by their path or by their name', async () => {
    const home = join(root, 'stages');
    const names = ['Dev', 'Prod'];
    for (const name of names) writeAssembly(join(home, name), { [`${name}-Fraud`]: l1Template({ retain: true }) });
    const artifacts = names.map((name) => [name, { type: 'cdk:cloud-assembly', properties: { directoryName: name } }]);
    writeFileSync(join(home, 'manifest.json'), JSON.stringify({ artifacts: Object.fromEntries(artifacts) }));
    await expect(rehearse(home, { scenario: good })).rejects.toThrow(
      'got 2 of them: Dev-Fraud, Prod-Fraud [WhichStack]',
    );
    const { stack } = await rehearse(home, { scenario: good, stack: 'Prod-Fraud', from: home });
    expect(stack).toBe('Prod-Fraud');
    expect(await rehearse(home, { scenario: good, stack: 'Dev-Fraud' })).toMatchObject({
      stack: 'Dev-Fraud',
      outcome: 'promoted',
    });
  });

  test('makes up no number for a parameter without a default', async () => {
    const template = l1Template({ retain: true, instances: { Ref: 'Count' } as never });
    const home = assembly({ Fraud: { ...template, Parameters: { Count: { Type: 'Number' } } } as Template });
    await expect(rehearse(home, { scenario: good })).rejects.toThrow('parameter Count must have a default');
    const known = { ...template, Parameters: { Count: { Type: 'Number', Default: 4 } } } as Template;
    expect(await rehearse(assembly({ Fraud: known }), { scenario: good })).toMatchObject({ outcome: 'promoted' });
  });

  test.each([-1, 1.5, Number.NaN])('fails on the seed %s', async (seed) => {
    await expect(rehearse(l1(), { scenario: good, seed })).rejects.toThrow(`got ${seed} [InvalidSeed]`);
  });

  test('fails on a story that nobody has completed', async () => {
    const scenario = { name: 'raw', requestsPerSecond: 5, expect: { outcome: 'promoted' } } as never;
    await expect(rehearse(l1(), { scenario })).rejects.toThrow('defineScenario');
  });

  test('an endpoint without alarms promotes anything: it is said plainly', async () => {
    const outcome = await rehearse(l1({ deploymentConfig: null }), { scenario: errors });
    expect(outcome).toMatchObject({ outcome: 'promoted', servedConfig: 'challenger', decideSeconds: null });
    expect(outcome.detectSeconds).toBeGreaterThan(0);
    expect(outcome.badRequests).toBeGreaterThan(10_000);
  });

  test('tells when CloudFormation deletes the config that serves', async () => {
    const outcome = await rehearse(l1({ retain: false }), { scenario: crashes });
    expect(outcome.servedConfig).toBe('champion');
    expect(outcome.violations).toEqual([
      expect.stringMatching(/^Config-\w+ serves and was deleted/),
      expect.stringMatching(/^Model-\w+ serves and was deleted/),
    ]);
  });

  test('a change in mid-deployment counts from the second deployment on', async () => {
    const late = story('late', {}, { changes: [{ atSeconds: 600, challenger: { errorRate: 0.3 } }] });
    const outcome = await rehearse(l1(), { scenario: late });
    expect(outcome.outcome).toBe('rolledBack');
    expect(outcome.onsetSeconds).toBeGreaterThanOrEqual(600);
    expect(outcome.onsetSeconds).toBeLessThan(602);
  });
});

describe('what is rehearsed', () => {
  test('the older assembly is deployed first when there is one', async () => {
    const from = l1({ version: '1', instances: 2 });
    const outcome = await rehearse(l1({ version: '2', instances: 4 }), { scenario: good, from });
    expect(outcome.outcome).toBe('promoted');
    const terminated = outcome.timeline.find(({ event }) => event === 'FleetTerminated');
    expect(terminated?.detail).toContain('terminating 2 instance(s)');
  });

  test('something that synthesizes is as good as its folder', async () => {
    const directory = l1();
    const bySynth = await rehearse({ synth: () => ({ directory }) }, { scenario: good });
    expect(bySynth).toEqual(await rehearse(directory, { scenario: good }));
  });

  test('fails when several stacks have an endpoint and none is named', async () => {
    const directory = assembly({ One: l1Template(), Two: l1Template() });
    await expect(rehearse(directory, { scenario: good })).rejects.toThrow(
      'stack must name one stack with an endpoint, got 2 of them: One, Two [WhichStack]',
    );
    expect((await rehearse(directory, { scenario: good, stack: 'Two' })).stack).toBe('Two');
  });

  test('fails with the stacks there are when the name is another', async () => {
    await expect(rehearse(l1(), { scenario: good, stack: 'X' })).rejects.toThrow(
      "stack must be one of Fraud, got 'X' [UnknownStack]",
    );
  });

  test('fails on a scenario that is told of other models', async () => {
    const scenario = { ...good, models: ['Churn', 'Pricing'] };
    await expect(rehearse(l1(), { scenario })).rejects.toThrow(
      /must name the stack .*Fraud, got Churn, Pricing \[OtherModel\]/,
    );
    expect((await rehearse(l1(), { scenario: { ...good, models: ['Fraud'] } })).outcome).toBe('promoted');
  });

  test('fails where no assembly is', async () => {
    await expect(rehearse(join(root, 'nowhere'), { scenario: good })).rejects.toThrow('[NoAssembly]');
  });

  test('fails with the name of a knob that does not exist', async () => {
    await expect(rehearse(l1(), { scenario: good, knobs: { speed: 1 } as never })).rejects.toThrow('[UnknownKnob]');
    await expect(rehearse(l1(), { scenario: good, knobs: { zeroTraffic: 'x' } as never })).rejects.toThrow(
      "zeroTraffic must be one of nothing, zeros, got 'x' [UnknownKnobSetting]",
    );
  });
});

describe('the same seed', () => {
  test('gives the same bytes', async () => {
    const directory = l1();
    const [first, second] = [
      await rehearse(directory, { scenario: errors, seed: 7 }),
      await rehearse(directory, { scenario: errors, seed: 7 }),
    ];
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
  });

  test('gives another story than another seed', async () => {
    const directory = l1();
    const [first, second] = [
      await rehearse(directory, { scenario: errors, seed: 7 }),
      await rehearse(directory, { scenario: errors, seed: 8 }),
    ];
    expect(second.onsetSeconds).not.toBe(first.onsetSeconds);
  });
});
