import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { afterAll, expect, test } from 'vitest';
import { RolloutPlatform } from '../../lib/rollout';
import { readAssembly } from '../../rehearsal/cloudformation/assembly';
import { FurtherServices } from '../../rehearsal/further-services';
import { knobSettings } from '../../rehearsal/knobs';
import { World } from '../../rehearsal/world';

const directory = mkdtempSync(join(tmpdir(), 'engine-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** The platform of a rollout engine, synthesized with its real bundles and deployed into a world. */
async function platform() {
  const app = new App({ outdir: directory });
  const stack = new Stack(app, 'Platform', { env: { account: '123456789012', region: 'us-east-1' } });
  new RolloutPlatform(stack, 'Platform', { platformName: 'engine' });
  const [artifact] = readAssembly(app.synth().directory);
  const where = { region: artifact.region, account: artifact.account };
  const world = new World({ ...where, seed: 1, knobs: knobSettings(), startup: () => 'healthy' });
  const further = new FurtherServices(world, { ...where, seed: 1 });
  world.useAssets(artifact.assets);
  const result = await world.clock.run(world.stack(artifact).deploy(artifact.template));
  return { world, further, result };
}

const machine = (name: string) => `arn:aws:states:us-east-1:123456789012:stateMachine:engine-${name}`;

test("the engine's own template deploys, and a rollout that is stopped by hand starts the way back", async () => {
  const { world, further, result } = await platform();
  expect(result).toEqual({ status: 'CREATE_COMPLETE', reason: undefined });
  for (const name of ['rollout', 'bake', 'rollback']) {
    expect(further.states.invoke('DescribeStateMachine', { stateMachineArn: machine(name) }).status).toBe('ACTIVE');
  }
  const input = JSON.stringify({ endpoint: 'fraud', rolloutId: 'r1', epoch: 1 });
  const start = { stateMachineArn: machine('rollout'), name: 'r1', input };
  const { executionArn } = further.states.invoke('StartExecution', start);
  further.states.invoke('StopExecution', { executionArn });
  await world.clock.run(world.clock.sleep(3_600_000));
  const [forward, back] = further.states.started;
  expect([forward.status, further.states.started.length]).toEqual(['ABORTED', 2]);
  expect(back.props.stateMachineArn).toBe(machine('rollback'));
  expect(back.props.input.trigger).toMatchObject({ kind: 'execution', name: 'r1' });
  // The real handler has asked the record, which has never heard of r1: the way back ends without touching anything.
  expect([back.status, back.cause]).toEqual(['SUCCEEDED', undefined]);
  expect(back.output.seized).toMatchObject({ seized: false });
  const calls = world.log.events.filter(({ event }) => event === 'CallRefused');
  expect(calls.map(({ detail }) => detail)).toEqual([]);
});

test('an alarm of an armed name starts the way back, and any other does not', async () => {
  const { world, further } = await platform();
  for (const alarmName of ['fraud-errors-b-rollout', 'fraud-errors']) {
    const detail = { alarmName, state: { value: 'ALARM' } };
    further.events.publish({ source: 'aws.cloudwatch', 'detail-type': 'CloudWatch Alarm State Change', detail });
  }
  await world.clock.run(world.clock.sleep(600_000));
  expect(further.states.started.map(({ props }) => props.input.trigger.name)).toEqual(['fraud-errors-b-rollout']);
});
