import { expect, test } from 'vitest';
import { practised, versionOf } from './deployment';
import { rollOut, told } from './practice';

test('each promoted rollout deletes the configs of those before it, never the one that serves', async () => {
  const engine = await practised();
  const { log, sagemaker } = engine.world;
  const deleted = () =>
    log.events.filter(({ event }) => event === 'EndpointConfigDeleted').map(({ data }) => String(data['config']));
  const served = () => sagemaker.describeEndpoint({ EndpointName: 'fraud' }).EndpointConfigName;

  const first = served();
  expect(await rollOut(engine, versionOf('2')), told(engine)).toMatchObject({ outcome: 'promoted', violations: [] });
  const second = served();
  expect(deleted()).toEqual([first]);
  expect(await rollOut(engine, versionOf('3')), told(engine)).toMatchObject({ outcome: 'promoted', violations: [] });
  expect(deleted()).toEqual([first, second]);
  expect(sagemaker.describeEndpointConfig({ EndpointConfigName: served() }).EndpointConfigName).toBe(served());
});
