import { expect, test } from 'vitest';
import type { StackArtifact } from '../../../rehearsal/cloudformation/template';
import type { Json } from '../../../rehearsal/services';
import { practised, versionOf } from './deployment';
import { executionsOf, percentOf, rollOut, told } from './practice';

/** The same deployment under a newer platform in which nothing works that brings a rollout forward. */
function withBrokenPlatform(artifact: StackArtifact): StackArtifact {
  // Other code is another version of a function, and another logical id.
  const text = JSON.stringify(artifact.template).replace(/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g, '$1newer');
  const template = JSON.parse(text);
  const broken: string[] = [];
  for (const [id, { Type, Properties }] of Object.entries<Json>(template.Resources)) {
    if (Type === 'AWS::Lambda::Function' && /^RolloutPlatform(?!Fence)/.test(id)) {
      Properties.Handler = 'index.gone';
      broken.push(id);
    }
    if (Type === 'AWS::StepFunctions::StateMachine') {
      Object.assign(Properties, { Definition: { StartAt: 'Broken', States: { Broken: { Type: 'Fail' } } } });
      delete Properties.DefinitionSubstitutions;
      broken.push(id);
    }
  }
  expect(broken.length).toBeGreaterThan(8);
  return { ...artifact, template };
}

test('a platform that is updated while a rollout runs changes nothing for it', async () => {
  const engine = await practised();
  let updated = '';
  const ended = await rollOut(engine, versionOf('2'), async () => {
    while (percentOf(engine) < 25) await engine.clock.sleep(10_000);
    updated = (await engine.deploy(withBrokenPlatform(versionOf('2')))).status;
  });
  expect(updated, told(engine)).toBe('UPDATE_COMPLETE');
  expect(ended, told(engine)).toMatchObject({ outcome: 'promoted', percent: 100, violations: [], quiet: true });
  const versions = executionsOf(engine, 'bake').map(({ props }) => props.stateMachineArn.split(':').at(-1));
  expect(new Set(versions)).toEqual(new Set(['1']));
});
