import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DeployFacts, decideDeploy } from '../../../decision/rollout';

const quiet: DeployFacts = {
  target: 'v2',
  champion: 'v1',
  previous: 'v1',
  running: null,
  rejected: false,
  openRetrospective: null,
  owner: 'engine',
  adopt: false,
  goesBack: false,
};
const running = { rolloutId: 'r-1', digest: 'v2' };

describe('decideDeploy', () => {
  test.each<[string, Partial<DeployFacts>, string]>([
    ['a new version starts', {}, 'start'],
    ['the version that serves needs nothing', { target: 'v1' }, 'nothing'],
    ['the version that is rolling out needs nothing', { running }, 'nothing'],
    ['a revert to the champion aborts', { target: 'v1', running }, 'abort'],
    ['a revert to the version handed over before aborts', { target: 'v0', previous: 'v0', running }, 'abort'],
    ['a revert aborts also a version that was rejected once', { target: 'v1', running, rejected: true }, 'abort'],
    ['a version that was rolled back does not start again', { rejected: true }, 'nothing'],
    ['a third version is refused', { target: 'v3', running }, 'refuse'],
    ['nothing serves yet', { champion: null, previous: null, owner: 'none' }, 'create'],
    ['the champion is created again when its endpoint is gone', { target: 'v1', owner: 'none' }, 'create'],
    ["a stack's endpoint is refused", { owner: 'stack', champion: null }, 'refuse'],
    ["a stack's endpoint is refused even to be adopted", { owner: 'stack', champion: null, adopt: true }, 'refuse'],
    ["somebody's endpoint is refused", { owner: 'nobody', champion: null }, 'refuse'],
    ["somebody's endpoint is adopted on request", { owner: 'nobody', champion: null, adopt: true }, 'start'],
    ['an open retrospective blocks the next rollout', { openRetrospective: 'r-0' }, 'refuse'],
    ['CloudFormation goes back to a version that was aborted', { goesBack: true }, 'nothing'],
    ['it is not refused with an open retrospective', { goesBack: true, openRetrospective: 'r-0' }, 'nothing'],
    ['it is not refused for whose the endpoint is', { goesBack: true, owner: 'nobody' }, 'nothing'],
    ['what it goes back from is taken back', { goesBack: true, target: 'v1', running }, 'abort'],
    ['an open retrospective does not block the way back', { target: 'v1', running, openRetrospective: 'r-0' }, 'abort'],
  ])('%s', (_, facts, action) => {
    expect(decideDeploy({ ...quiet, ...facts }).action).toBe(action);
  });

  test('a rejected version succeeds with a warning that names the command', () => {
    const decision = decideDeploy({ ...quiet, rejected: true });
    expect(decision).toMatchObject({ warning: true, reason: expect.stringContaining('rollouts retry') });
  });

  test('an owner that nobody knows is refused', () => {
    expect(decideDeploy({ ...quiet, owner: 'martian' as never }).action).toBe('refuse');
  });

  test('a way back is never refused, and two rollouts never run at once', () => {
    const digest = fc.constantFrom('v0', 'v1', 'v2', 'v3');
    const facts = fc.record<DeployFacts>({
      target: digest,
      champion: fc.option(digest),
      previous: fc.option(digest),
      running: fc.option(fc.record({ rolloutId: fc.constant('r-1'), digest })),
      rejected: fc.boolean(),
      openRetrospective: fc.option(fc.constant('r-0')),
      owner: fc.constantFrom('none', 'engine', 'stack', 'nobody'),
      adopt: fc.boolean(),
      goesBack: fc.boolean(),
    });
    fc.assert(
      fc.property(facts, (f) => {
        const { action } = decideDeploy(f);
        const back = f.running !== null && [f.running.digest, f.champion, f.previous].includes(f.target);
        if (back || f.goesBack) expect(['nothing', 'abort']).toContain(action);
        if (f.running !== null) expect(['start', 'create']).not.toContain(action);
        if (f.owner === 'stack') expect(['start', 'create']).not.toContain(action);
      }),
    );
  });
});
