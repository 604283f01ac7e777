import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { evidence } from '../../../bin/commands/evidence';
import { rehearseCommand } from '../../../bin/commands/rehearse';
import { type Comparison, compare, readEvidence } from '../../../bin/operate/compare-evidence';
import { showComparison } from '../../../bin/operate/show-comparison';
import { championOf } from '../../../rehearsal/champion';
import { readAssembly } from '../../../rehearsal/cloudformation/assembly';
import type { StackArtifact } from '../../../rehearsal/cloudformation/template';
import { knobSettings } from '../../../rehearsal/knobs';
import { outcomeOf } from '../../../rehearsal/outcome-of';
import { runRehearsal } from '../../../rehearsal/run-rehearsal';
import type { Scenario } from '../../../rehearsal/scenario';
import { practised } from '../../rehearsal/engine/deployment';
import { rollOut } from '../../rehearsal/engine/practice';
import { errors, good } from '../../rehearsal/fixtures/scenarios';
import { person } from './person';

const folder = mkdtempSync(join(tmpdir(), 'compare-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => void vi.restoreAllMocks());

const assembly = join(folder, 'cdk.out');
let challenger: StackArtifact;

beforeAll(() => {
  const app = new App({ outdir: assembly, builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Fraud', { env: { region: 'us-east-1', account: '123456789012' } });
  const image = rollouts.ContainerImage.fromRegistry('123456789012.dkr.ecr.us-east-1.amazonaws.com/fraud:7');
  new rollouts.ModelDeployment(stack, 'Fraud', {
    endpointName: 'fraud',
    model: new rollouts.Model(stack, 'Model', { containers: [{ image }] }),
    hosting: rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 2 }),
    strategy: new rollouts.StagedStrategy({
      stages: [{ percent: 25, bake: Duration.minutes(5) }],
      watchPeriod: Duration.minutes(5),
    }),
    rollbackAlarms: rollouts.RollbackAlarm.recommended({ errorRate: 0.02 }),
  });
  [challenger] = readAssembly(app.synth().directory);
});

/** What `rollouts evidence` prints of a rollout on an account where weights take five minutes. */
async function really(name: string, scenario: Scenario): Promise<string> {
  const knobs = knobSettings({ weightsApplySeconds: 300 });
  const engine = await practised({ scenario, knobs, seed: 9 }, championOf(challenger), 3);
  await rollOut(engine, challenger);
  const ann = person(engine);
  await engine.run(evidence('fraud', undefined, {}, ann.around));
  const file = join(folder, `${name}.json`);
  writeFileSync(file, ann.said());
  return file;
}

const rehearsed = async (scenario: Scenario) =>
  outcomeOf(
    await runRehearsal({ champion: championOf(challenger), challenger, scenario, seed: 1, knobs: knobSettings() }),
  );

describe('a rehearsal beside a real rollout', () => {
  test('has the same steps in the same order when both are promoted, and says how much later each really was', async () => {
    const comparison = compare(await rehearsed(good), readEvidence(await really('good', good)));
    expect(comparison).toMatchObject({
      endpoint: 'fraud',
      scenario: 'good',
      outcome: { real: 'promoted', rehearsed: 'promoted', same: true },
      sameOrder: true,
    });
    expect(comparison.steps.map(({ step }) => step)).toEqual([
      'stage: challenger at 25 %',
      'watch: challenger at 100 %',
      'end',
    ]);
    // Two shifts of weights took five minutes more each before the watch began.
    const [, watch, end] = comparison.steps.map(({ laterSeconds }) => laterSeconds ?? Number.NaN);
    expect(Math.min(watch, end)).toBeGreaterThan(500);
    for (const { real, rehearsed: other, laterSeconds } of comparison.steps) {
      expect(laterSeconds).toBeCloseTo((real ?? 0) - (other ?? 0), 5);
    }
  });

  test('tells where they part when one is taken back', async () => {
    const comparison = compare(await rehearsed(good), readEvidence(await really('errors', errors)));
    expect(comparison.outcome).toEqual({ real: 'rolledBack', rehearsed: 'promoted', same: false });
    expect(comparison.sameOrder).toBe(false);
    const parts = comparison.steps.filter(({ laterSeconds }) => laterSeconds === null);
    expect(parts).toMatchObject([
      { step: 'rollback', real: expect.any(Number), rehearsed: null },
      { step: 'watch: challenger at 100 %', real: null, rehearsed: expect.any(Number) },
    ]);
    const shown = showComparison(comparison);
    expect(shown).toMatch(/^fraud: beside rollout r-\S+\nreally rolledBack \(.*\), rehearsed promoted \(/);
    expect(shown).toMatch(/\nrollback +\S+ +– +–\n/);
    for (const line of shown.split('\n').slice(4)) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('is what the command prints, in words and as JSON, and its exit code', async () => {
    const said: string[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0);
    const scenario = join(folder, 'good.yaml');
    writeFileSync(scenario, 'name: good\ntraffic: 100 rps\nexpect: { outcome: promoted }\n');
    const ask = (file: string, json: boolean) =>
      rehearseCommand(assembly, { scenario, seed: 1, knobs: 'default', compare: file, json });
    expect(await ask(join(folder, 'good.json'), true)).toBe(0);
    const printed: Comparison = JSON.parse(said.join(''));
    expect(printed).toMatchObject({ schemaVersion: 1, sameOrder: true, outcome: { same: true } });
    said.length = 0;
    expect(await ask(join(folder, 'errors.json'), false)).toBe(2);
    expect(said.join('')).toMatch(/Promoted[\s\S]*fraud: beside rollout r-[\s\S]*not the same steps/);
  });
});

describe('fails with a clear error for', () => {
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const own = () => JSON.parse(readFileSync(join(folder, 'good.json'), 'utf8'));

  test.each([
    ['a file that is not there', () => join(folder, 'nothing.json'), /which cannot be read; .*\[NotEvidence\]$/],
    ['a file that is no JSON', () => file('page.html', '<html>'), /which is no JSON; .*\[NotEvidence\]$/],
    [
      'the outcome of a rehearsal',
      () => file('o.json', '{"schemaVersion":1,"endpoint":"fraud"}'),
      /where rolloutId is wrong.*\[NotEvidence\]$/,
    ],
    [
      'another schema',
      () => file('v2.json', JSON.stringify({ ...own(), schemaVersion: 2 })),
      /where schemaVersion is wrong.*\[NotEvidence\]$/,
    ],
    [
      'a time that is no number',
      () => file('t.json', JSON.stringify({ ...own(), timeline: [{ atSeconds: 'soon', event: 'x', detail: '' }] })),
      /where timeline.0.atSeconds is wrong.*\[NotEvidence\]$/,
    ],
    [
      'a rollout under way',
      () => file('now.json', JSON.stringify({ ...own(), outcome: 'running', totalSeconds: null })),
      /which is running \[NotEnded\]$/,
    ],
  ])('%s', (_, make, message) => expect(() => readEvidence(make())).toThrow(message));

  test('another endpoint, or one that no engine owns', async () => {
    const outcome = await rehearsed(good);
    const evidenceOf = readEvidence(join(folder, 'good.json'));
    expect(() => compare(outcome, { ...evidenceOf, endpoint: 'churn' })).toThrow(/of churn \[OtherEndpoint\]$/);
    expect(() => compare({ ...outcome, timeline: [] }, evidenceOf)).toThrow('[NoRollout]');
  });
});
