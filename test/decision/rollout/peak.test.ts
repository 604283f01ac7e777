import { expect, test } from 'vitest';
import { type Phase, peakInstances } from '../../../decision/rollout';

const stage: Phase = { kind: 'stage', percent: 5, bake: 'PT1H', deadline: 'PT2H' };
const watch: Phase = { kind: 'watch', bake: 'PT1H', holdbackPercent: 0 };
const shadow: Phase = { kind: 'shadow', samplingPercent: 10, minimumRequests: 1, bake: 'PT1H', deadline: 'PT3H' };
const native: Phase = { kind: 'native', deploymentConfig: {}, bake: 'PT1H', deadline: 'PT2H' };

test.each<[string, Phase[], number]>([
  ['stages: both champions, and the first instance of the challenger', [stage, watch], 9],
  [
    'a shadow phase first: the old champion and its shadow are there when both are launched anew',
    [shadow, stage, watch],
    13,
  ],
  ['a native update: the fleet twice', [native], 8],
])('%s', (_, phases, instances) => {
  expect(peakInstances({ phases }, 4)).toBe(instances);
});
