import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { WorldEvent } from '../../../rehearsal/log';
import type { DeploymentConfig } from '../../../rehearsal/sagemaker/guardrail-steps';
import { PracticeWorld } from './practice-world';

const golden = JSON.parse(readFileSync(new URL('./published-timelines.golden.json', import.meta.url), 'utf8')) as {
  timelines: {
    name: string;
    instances: number;
    alarmInBake?: number;
    deploymentConfig: DeploymentConfig;
    steps: string[];
  }[];
  deploymentEvent: { instances: number; canaryInstances: number; 'detail-type': string; detail: object };
  variantStatusMessages: Record<string, string>;
};

/** The log in the words of the golden timelines. */
function told(events: readonly WorldEvent[]): string[] {
  const steps: string[] = [];
  for (const { source, event, detail, data } of events) {
    const number = Number(/(\d+) instance/.exec(detail)?.[1]);
    if (event === 'FleetLaunching') steps.push(`launch ${number}`);
    if (source === 'router') {
      const shares = data['shares'] as { config: string; percent: number }[];
      const percent = shares.find(({ config }) => config === 'new')?.percent ?? 0;
      steps.push(`traffic ${Math.round(percent * 100) / 100}`);
    }
    if (event === 'BakingStarted') steps.push(`bake ${data['seconds']}`);
    if (event === 'FleetTerminated' || event === 'FleetShrunk') steps.push(`terminate ${number}`);
    if (event === 'RollbackStarted') steps.push('rollback');
  }
  return steps;
}

describe('an update goes as the published pages tell', () => {
  test.each(golden.timelines)('$name', async ({ instances, alarmInBake, deploymentConfig, steps }) => {
    const world = new PracticeWorld();
    await world.serving(instances);
    world.alarms.set('alarm', 'OK');
    const before = world.log.events.length;
    let bakes = 0;
    world.sagemaker.updateEndpoint({
      EndpointName: 'fraud',
      EndpointConfigName: 'new',
      DeploymentConfig: deploymentConfig,
    });
    const record = world.log.record.bind(world.log);
    world.log.record = (source, event, detail, data) => {
      record(source, event, detail, data);
      if (event === 'BakingStarted' && ++bakes === alarmInBake) {
        world.clock.after(45_000, () => world.alarms.set('alarm', 'ALARM'));
      }
    };
    await world.settle();
    const served = world.describe();
    const last = served.EndpointStatus === 'InService' ? `serves ${served.EndpointConfigName}` : served.EndpointStatus;
    expect([...told(world.log.events.slice(before)), last]).toEqual(steps);
    expect(world.shares()).toEqual({ [served.EndpointConfigName]: 100 });
  });

  test('a bake lasts as long as it says when no alarm trips', async () => {
    const world = new PracticeWorld();
    const { instances, deploymentConfig } = golden.timelines[1];
    await world.serving(instances);
    world.alarms.set('alarm', 'OK');
    world.sagemaker.updateEndpoint({
      EndpointName: 'fraud',
      EndpointConfigName: 'new',
      DeploymentConfig: deploymentConfig,
    });
    await world.settle();
    const at = (event: string) => world.log.events.filter((e) => e.event === event).map((e) => e.at / 1000);
    const [started, passed] = [at('BakingStarted'), at('BakingPassed')];
    expect(passed.map((time, i) => time - started[i])).toEqual([600, 600]);
  });
});

describe('what an update shows outside', () => {
  test('the event of a canary bake is the published sample', async () => {
    const { instances, canaryInstances, detail, 'detail-type': detailType } = golden.deploymentEvent;
    const world = new PracticeWorld();
    await world.serving(instances);
    world.sagemaker.updateEndpoint({
      EndpointName: 'fraud',
      EndpointConfigName: 'new',
      DeploymentConfig: {
        BlueGreenUpdatePolicy: {
          TrafficRoutingConfiguration: {
            Type: 'CANARY',
            CanarySize: { Type: 'INSTANCE_COUNT', Value: canaryInstances },
            WaitIntervalInSeconds: 600,
          },
        },
      },
    });
    await world.settle();
    const baking = world.events.find((event) => JSON.stringify(event).includes('"Baking"'));
    expect(baking).toMatchObject({ source: 'aws.sagemaker', 'detail-type': detailType, detail });
  });

  test('variant status messages are the published ones', async () => {
    const world = new PracticeWorld();
    await world.serving(3);
    world.sagemaker.updateEndpoint({
      EndpointName: 'fraud',
      EndpointConfigName: 'new',
      DeploymentConfig: {
        BlueGreenUpdatePolicy: {
          TrafficRoutingConfiguration: {
            Type: 'CANARY',
            CanarySize: { Type: 'INSTANCE_COUNT', Value: 1 },
            WaitIntervalInSeconds: 60,
          },
          TerminationWaitInSeconds: 120,
        },
      },
    });
    await world.settle();
    const text = JSON.stringify(world.events);
    const said = (status: string, x: number, y: number) =>
      golden.variantStatusMessages[status].replace('X', String(x)).replace('Y', String(y));
    expect(text).toContain(said('Creating', 3, 0));
    expect(text).toContain(said('ActivatingTraffic', 1, 0));
    expect(text).toContain(said('Baking', 120, 3));
    expect(text).toContain(said('Deleting', 3, 0));
  });
});
