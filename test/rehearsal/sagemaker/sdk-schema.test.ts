import * as sdk from '@aws-sdk/client-sagemaker';
import { describe, expect, test } from 'vitest';
import { PracticeWorld } from './practice-world';

// The SDK carries the service model: [3, namespace, name, traits, members, schemas, required] for a structure (the
// required members first), [1, namespace, name, traits, element] for a list; a nested schema may be a function.
type Schema = unknown;
const unwrap = (schema: Schema): Schema => (typeof schema === 'function' ? unwrap(schema()) : schema);

/** What in a reply the service model does not know, or misses. */
function problems(value: unknown, schema: Schema, path = ''): string[] {
  const known = unwrap(schema);
  if (!Array.isArray(known)) return [];
  if (Array.isArray(known[0])) return problems(value, known[0], path);
  if (known[0] === 1) {
    if (!Array.isArray(value)) return [`${path} is no list`];
    return value.flatMap((item, i) => problems(item, known[4], `${path}[${i}]`));
  }
  if (known[0] !== 3) return [];
  const [members, schemas, required] = [known[4] as string[], known[5] as Schema[], (known[6] ?? 0) as number];
  const given = Object.keys(value as object);
  return [
    ...given.filter((name) => !members.includes(name)).map((name) => `${path}.${name} is not in the model`),
    ...members.slice(0, required).flatMap((name) => (given.includes(name) ? [] : [`${path}.${name} is missing`])),
    ...given.flatMap((name) =>
      problems((value as Record<string, unknown>)[name], schemas[members.indexOf(name)], `${path}.${name}`),
    ),
  ];
}

const reply = (sdk as unknown as Record<string, Schema>)['DescribeEndpointOutput$'];

describe("replies are in the words of the SDK's own service model", () => {
  test('the check itself finds what is wrong', () => {
    const wrong = { EndpointName: 'x', Status: 'InService', ProductionVariants: [{ Name: 'a' }] };
    expect(problems(wrong, reply)).toEqual(
      expect.arrayContaining([
        '.Status is not in the model',
        '.EndpointStatus is missing',
        '.ProductionVariants[0].Name is not in the model',
        '.ProductionVariants[0].VariantName is missing',
      ]),
    );
  });

  test('DescribeEndpoint, in service, in every phase of a canary, and after a rollback', async () => {
    const world = new PracticeWorld();
    await world.serving(4);
    world.alarms.set('alarm', 'OK');
    expect(problems(world.describe(), reply)).toEqual([]);
    world.sagemaker.updateEndpoint({
      EndpointName: 'fraud',
      EndpointConfigName: 'new',
      DeploymentConfig: {
        BlueGreenUpdatePolicy: {
          TrafficRoutingConfiguration: {
            Type: 'CANARY',
            CanarySize: { Type: 'INSTANCE_COUNT', Value: 1 },
            WaitIntervalInSeconds: 300,
          },
        },
        AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'alarm' }] },
      },
    });
    world.clock.after(700_000, () => world.alarms.set('alarm', 'ALARM'));
    let looks = 0;
    const looking = async () => {
      for (; world.describe().PendingDeploymentSummary !== undefined; looks++) {
        expect(problems(world.describe(), reply)).toEqual([]);
        await world.clock.sleep(20_000);
      }
    };
    await world.clock.run(looking());
    expect(looks).toBeGreaterThan(10);
    expect(problems(world.describe(), reply)).toEqual([]);
  });
});
