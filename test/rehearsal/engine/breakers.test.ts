import { Duration, aws_iam as iam } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { describe, expect, test } from 'vitest';
import type { EngineWorld } from '../../../rehearsal/engine/engine-world';
import type { Json } from '../../../rehearsal/services';
import { story } from '../fixtures/scenarios';
import { ENDPOINT, practised, versionOf } from './deployment';
import { executionsOf, lockOf, percentOf, recordItem, rollOut, rolloutsOf, told } from './practice';

const minutes = (engine: EngineWorld, count: number) => engine.clock.sleep(60_000 * count);

/** Waits until the challenger has so much live traffic. */
async function reached(engine: EngineWorld, percent: number): Promise<void> {
  for (let i = 0; i < 600 && percentOf(engine) < percent; i++) await engine.clock.sleep(10_000);
  expect(percentOf(engine)).toBe(percent);
}

/** What a person does in the console. */
async function byHand(engine: EngineWorld, changes: Json): Promise<void> {
  const { sagemaker, log } = engine.world;
  const idle = () => sagemaker.describeEndpoint({ EndpointName: ENDPOINT }).EndpointStatus === 'InService';
  while (!idle()) await engine.clock.sleep(1000);
  log.record('person', 'TouchedByHand', JSON.stringify(changes));
  sagemaker.updateEndpointWeightsAndCapacities({ EndpointName: ENDPOINT, DesiredWeightsAndCapacities: changes });
  await engine.clock.sleep(1000);
  while (!idle()) await engine.clock.sleep(1000);
}

const started = (engine: EngineWorld) => rolloutsOf(engine).length;
const statusOf = async (engine: EngineWorld, version: string) => (await engine.deploy(versionOf(version))).status;

describe('deployments while a rollout runs', () => {
  test('the version before it takes it back, and succeeds', async () => {
    const engine = await practised();
    let revert = '';
    const ended = await rollOut(engine, versionOf('2'), async () => {
      await reached(engine, 25);
      revert = await statusOf(engine, '1');
    });
    expect(ended, told(engine)).toMatchObject({ outcome: 'aborted', percent: 0, violations: [], quiet: true });
    expect(revert).toBe('UPDATE_COMPLETE');
    expect(lockOf(engine).rolloutId.S).toBe('');
    const retrospectives = recordItem(
      engine,
      `ENDPOINT#${ENDPOINT}`,
      `RETRO#${rolloutsOf(engine).at(-1).sk.S.slice(8)}`,
    );
    expect(retrospectives).toBeUndefined();
  });

  test('a third version is refused, CloudFormation goes back, and the rollout goes on to its end', async () => {
    const engine = await practised();
    let third = { status: '', reason: '' as string | undefined };
    const ended = await rollOut(engine, versionOf('2'), async () => {
      await reached(engine, 25);
      third = await engine.deploy(versionOf('3'));
    });
    expect(third.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(third.reason).toContain('[RolloutUnderWay]');
    expect(ended, told(engine)).toMatchObject({ outcome: 'promoted', percent: 100, violations: [] });
    expect(started(engine)).toBe(2);
  });

  test('the version of the rollout itself changes nothing, and neither does another plan for it', async () => {
    const engine = await practised();
    const strategy = new rollouts.StagedStrategy({
      stages: [{ percent: 10, bake: Duration.minutes(30) }],
      watchPeriod: Duration.minutes(30),
    });
    const ended = await rollOut(engine, versionOf('2'), async () => {
      await reached(engine, 25);
      expect((await engine.deploy(versionOf('2', { strategy }))).status).toBe('UPDATE_COMPLETE');
    });
    expect(ended, told(engine)).toMatchObject({ outcome: 'promoted', percent: 100, violations: [] });
    expect(started(engine)).toBe(2);
  });

  test('what is under way when its deployment is deleted is taken back, and what serves stays', async () => {
    const engine = await practised();
    const { template, ...rest } = versionOf('2');
    const platform = Object.entries(template.Resources).filter(([id]) => id.startsWith('RolloutPlatform'));
    const ended = await rollOut(engine, versionOf('2'), async () => {
      await reached(engine, 25);
      await engine.deploy({ ...rest, template: { Resources: Object.fromEntries(platform) } });
    });
    expect(ended, told(engine)).toMatchObject({ outcome: 'aborted', percent: 0, violations: [], quiet: true });
    expect(lockOf(engine).rolloutId.S).toBe('');
  });

  test('its gates are asked to the end, though they are in the template no more', async () => {
    const gates = [new rollouts.ErrorRateGate({ absoluteMargin: 0.05, maximumRate: 0.1 })];
    const engine = await practised({}, versionOf('1', { gates }));
    const ended = await rollOut(engine, versionOf('2', { gates }), async () => {
      await reached(engine, 25);
      expect((await engine.deploy(versionOf('2'))).status).toBe('UPDATE_COMPLETE');
    });
    expect(ended, told(engine)).toMatchObject({ outcome: 'promoted', percent: 100, violations: [] });
  });

  test('a stack that fails after the handover takes its own rollout back', async () => {
    const engine = await practised();
    const broken = versionOf('2');
    const Broken = {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: { Definition: { StartAt: 'Nowhere', States: {} }, RoleArn: 'arn:aws:iam::123456789012:role/none' },
      DependsOn: Object.keys(broken.template.Resources).filter(
        (id) => broken.template.Resources[id].Type === 'Custom::RolloutSpec',
      ),
    };
    const template = { ...broken.template, Resources: { ...broken.template.Resources, Broken } };
    const ended = await rollOut(engine, { ...broken, template });
    expect(ended.deployed.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(ended, told(engine)).toMatchObject({ outcome: 'aborted', percent: 0, violations: [], quiet: true });
  });
});

describe('deployments after a rollout that was taken back', () => {
  const bad = story('errors', { errorRate: 0.3 });
  test('the rejected version is not started again; another one waits for the retrospective; nothing fails on the way back', async () => {
    const engine = await practised({ scenario: bad });
    expect(await rollOut(engine, versionOf('2'))).toMatchObject({ outcome: 'rolledBack' });
    const after = await engine.run(
      (async () => [
        await engine.deploy(versionOf('1')),
        await engine.deploy(versionOf('2')),
        await engine.deploy(versionOf('3')),
      ])(),
    );
    expect(after.map(({ status }) => status)).toEqual([
      'UPDATE_COMPLETE',
      'UPDATE_COMPLETE',
      'UPDATE_ROLLBACK_COMPLETE',
    ]);
    expect(after[2].reason).toContain('[RetrospectiveOpen]');
    expect([started(engine), lockOf(engine).rolloutId.S]).toEqual([2, '']);
  });
});

test('a champion that was scaled in gets back what it can carry at once, and the rest when it has the instances', async () => {
  const turns = story('turns', {}, { changes: [{ atSeconds: 40 * 60, challenger: { errorRate: 0.3 } }] });
  const engine = await practised({ scenario: turns });
  const ended = await rollOut(engine, versionOf('2'), async () => {
    await reached(engine, 100);
    await minutes(engine, 2);
    await byHand(engine, [{ VariantName: 'a', DesiredInstanceCount: 1 }]);
  });
  expect(ended, told(engine)).toMatchObject({ outcome: 'rolledBack', percent: 0, violations: [], quiet: true });
  const shifts = engine.world.log.events.filter(({ event }) => event === 'TrafficShifted').slice(-2);
  const shares = shifts.map(({ data }) => (data['shares'] as Json[]).find(({ variant }) => variant === 'a')?.percent);
  expect(shares).toEqual([25, 100]);
});

test('of five triggers at once one takes the rollout back, and the others end quietly', async () => {
  const engine = await practised();
  const { states, events } = engine.further;
  const ended = await rollOut(engine, versionOf('2'), async () => {
    await reached(engine, 25);
    await minutes(engine, 2);
    const { rolloutId, executionArn } = lockOf(engine);
    const machine = executionsOf(engine, 'rollout')[0].props.stateMachineArn.replace(/-rollout:1$/, '-rollback');
    for (const name of ['ErrorRate', 'LatencyP99']) {
      const detail = { alarmName: `fraud-${name}-b-rollout`, state: { value: 'ALARM' } };
      events.publish({ source: 'aws.cloudwatch', 'detail-type': 'CloudWatch Alarm State Change', detail });
    }
    states.invoke('StopExecution', { executionArn: executionArn.S });
    for (const trigger of [
      { kind: 'person', name: 'ada', at: 'now', endpoint: ENDPOINT },
      { kind: 'gate', name: 'errors', at: 'now', endpoint: ENDPOINT },
      { kind: 'execution', name: rolloutId.S, at: 'now' },
    ]) {
      states.invoke('StartExecution', { stateMachineArn: machine, input: JSON.stringify({ trigger }) });
    }
  });
  expect(ended, told(engine)).toMatchObject({ outcome: 'rolledBack', percent: 0, violations: [], quiet: true });
  const back = executionsOf(engine, 'rollback');
  expect(back.length).toBeGreaterThanOrEqual(5);
  expect(back.map(({ status }) => status)).toEqual(back.map(() => 'SUCCEEDED'));
  expect(back.filter(({ output }) => output.seized.seized)).toHaveLength(1);
  const told_ = engine.further.sns.published.map(({ subject }) => subject);
  expect(told_.filter((subject) => subject === 'fraud: RollbackStarted')).toHaveLength(1);
});

test('a way back that a person takes over ends quietly, and calls nobody', async () => {
  const engine = await practised({ scenario: story('errors', { errorRate: 0.3 }) });
  const ended = await rollOut(engine, versionOf('2'), async () => {
    const under = () => executionsOf(engine, 'rollback').some(({ running }) => running);
    while (!(lockOf(engine).phase.S === 'rollingBack' && under())) await engine.clock.sleep(1_000);
    await engine.clock.sleep(15_000);
    const machine = executionsOf(engine, 'rollout')[0].props.stateMachineArn.replace(/-rollout:1$/, '-rollback');
    const trigger = { kind: 'person', name: 'ada', at: 'now', endpoint: ENDPOINT };
    engine.further.states.invoke('StartExecution', { stateMachineArn: machine, input: JSON.stringify({ trigger }) });
  });
  expect(ended, told(engine)).toMatchObject({ outcome: 'rolledBack', percent: 0, violations: [], quiet: true });
  const back = executionsOf(engine, 'rollback');
  expect(back.filter(({ output }) => output?.seized.seized)).toHaveLength(2);
  expect(back.map(({ status }) => status)).toEqual(back.map(() => 'SUCCEEDED'));
  expect(engine.further.sns.published.map(({ subject }) => subject)).not.toContain('fraud: RollbackStuck');
});

test('a rollout that is stopped by hand at 25 % is taken back', async () => {
  const engine = await practised();
  const ended = await rollOut(engine, versionOf('2'), async () => {
    await reached(engine, 25);
    await minutes(engine, 3);
    engine.further.states.invoke('StopExecution', { executionArn: lockOf(engine).executionArn.S });
  });
  expect(ended, told(engine)).toMatchObject({ outcome: 'rolledBack', percent: 0, violations: [], quiet: true });
  expect(executionsOf(engine, 'bake').map(({ status }) => status)).toEqual(['ABORTED']);
});

describe('without capacity', () => {
  const none = (atSeconds: number) => ({ atSeconds, challenger: { startup: 'noCapacity' as const } });

  test('a finalisation is held: traffic stays, the old version stays, people are told', async () => {
    const engine = await practised({ scenario: story('none', {}, { changes: [none(45 * 60)] }) });
    const ended = await rollOut(engine, versionOf('2'), async () => {
      await reached(engine, 100);
      await minutes(engine, 8);
      await byHand(engine, [{ VariantName: 'b', DesiredInstanceCount: 2 }]);
    });
    expect(ended, told(engine)).toMatchObject({ outcome: 'held', percent: 100, violations: [], quiet: true });
    expect(ended.reason).toMatch(/^variant b has 2 of 4 instances/);
    const [old] = engine.world.sagemaker.describeEndpoint({ EndpointName: ENDPOINT }).ProductionVariants;
    expect([old.VariantName, old.CurrentInstanceCount]).toEqual(['a', 4]);
  });

  test('a stage is held where it is, and an alarm still takes it back', async () => {
    const later = { atSeconds: 4 * 3600, challenger: { errorRate: 0.3 } };
    const engine = await practised({ scenario: story('none', {}, { changes: [none(8 * 60), later] }) });
    const ended = await rollOut(engine, versionOf('2'), async () => minutes(engine, 5 * 60));
    expect(ended, told(engine)).toMatchObject({ outcome: 'rolledBack', percent: 0, violations: [], quiet: true });
    const told_ = engine.further.sns.published.map(({ subject }) => subject).slice(-3);
    expect(told_).toEqual(['fraud: RolloutHeld', 'fraud: RollbackStarted', 'fraud: RolloutRolledBack']);
  });

  test('a new version that never starts has failed, and may be deployed again', async () => {
    const engine = await practised({ scenario: story('none', { startup: 'noCapacity' }) });
    expect(await rollOut(engine, versionOf('2'))).toMatchObject({ outcome: 'failed', percent: 0, violations: [] });
    expect(recordItem(engine, `ENDPOINT#${ENDPOINT}`, 'LOCK').rolloutId.S).toBe('');
  });
});

test('undecided at its deadline, the traffic goes where the plan says, and the rollout is held', async () => {
  const stages = [{ percent: 25, bake: Duration.minutes(10), deadline: Duration.minutes(30), approval: true }];
  for (const [onUndecided, percent] of [
    [rollouts.OnUndecided.STAY, 25],
    [rollouts.OnUndecided.CHAMPION, 0],
  ] as const) {
    const strategy = new rollouts.StagedStrategy({ stages, watchPeriod: Duration.minutes(20), onUndecided });
    const props = {
      strategy,
      approval: { approvers: [new iam.ArnPrincipal('arn:aws:iam::123456789012:role/OnCall')] },
    };
    const engine = await practised({}, versionOf('1', props));
    const ended = await rollOut(engine, versionOf('2', props));
    expect(ended, told(engine)).toMatchObject({ outcome: 'held', percent, violations: [], quiet: true });
    expect(ended.reason).toContain('approval is pending');
  }
});
