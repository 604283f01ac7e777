import { Duration, aws_iam as iam } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { expect, test } from 'vitest';
import { decide } from '../../../bin/commands/decide';
import { EngineWorld } from '../../../rehearsal/engine/engine-world';
import { evaluateAccess } from '../../../rehearsal/iam';
import type { Access } from '../../../rehearsal/lambda/aws-wire';
import type { Scenario } from '../../../rehearsal/scenario';
import type { World } from '../../../rehearsal/world';
import { person } from '../../bin/operate/person';
import { errors, good, story } from '../fixtures/scenarios';
import { emptyAccount, practised, versionOf } from './deployment';
import { rollOut, told } from './practice';
import exceptions from './unused-grants.json';

const strategy = new rollouts.StagedStrategy({
  stages: [{ percent: 25, bake: Duration.minutes(5), deadline: Duration.minutes(40), approval: true }],
  watchPeriod: Duration.minutes(5),
});
const props = {
  strategy,
  gates: [new rollouts.ErrorRateGate({ absoluteMargin: 0.01 })],
  approval: { approvers: [new iam.ArnPrincipal('arn:aws:iam::123456789012:role/OnCall')] },
};
const reason = 'seen';
const MINUTE = 60_000;

/** Waits until people are told of something. */
async function heard(engine: EngineWorld, word: string): Promise<void> {
  for (let minute = 0; minute < 240; minute++) {
    if (engine.further.sns.published.some(({ subject }) => subject === `fraud: ${word}`)) return;
    await engine.clock.sleep(MINUTE);
  }
  throw new Error(`no message '${word}':\n${told(engine)}`);
}

const approve = async (engine: EngineWorld) => {
  await heard(engine, 'ApprovalNeeded');
  await decide('approve', 'fraud', { reason }, person(engine).around);
};

/** What may happen to a rollout, and how it ends. */
const practices: readonly [string, Scenario, string, (engine: EngineWorld) => Promise<void>][] = [
  ['promoted', good, 'promoted', approve],
  ['taken back by an alarm', errors, 'rolledBack', async () => {}],
  ['failed to start', story('crashes', { startup: 'crashes' }), 'failed', async () => {}],
  [
    'taken back by a person',
    good,
    'rolledBack',
    async (engine) => {
      await heard(engine, 'ApprovalNeeded');
      await decide('rollback', 'fraud', { reason }, person(engine).around);
    },
  ],
  [
    'aborted by the version before it',
    good,
    'aborted',
    async (engine) => {
      await heard(engine, 'ApprovalNeeded');
      await engine.deploy(versionOf('1', props));
    },
  ],
];

interface Grant {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
}

const many = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);

/** Every pair of action and resource that the roles of a world are granted. */
function grantsOf({ world }: EngineWorld): Grant[] {
  return world.roles.names.flatMap((role) =>
    world.roles
      .policies(role)
      .flatMap(({ Statement }) => many(Statement))
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap(({ Action = [], Resource = [] }) =>
        many(Action).flatMap((action) => many(Resource).map((resource) => ({ role, action, resource }))),
      ),
  );
}

const covers = ({ action, resource }: Grant, access: Access): boolean =>
  evaluateAccess([{ Statement: { Effect: 'Allow', Action: action, Resource: resource } }], access).allowed;

/** Names of roles are cut short: these are their beginnings, and who they are. */
const ROLES: readonly (readonly [beginning: string, name: string])[] = [
  ['ApplyTran', 'ApplyTransition'],
  ['ApproveRo', 'Approve'],
  ['JudgeData', 'JudgeData'],
];

/** A grant in words: whose, what, on what. */
function words({ role, action, resource }: Grant): string {
  const known = ROLES.find(([beginning]) => role.includes(beginning))?.[1];
  const name = known ?? role.replace(/^Fraud-(RolloutPlatform)?/, '').replace(/[0-9A-F]{8}.*$/, '');
  const [, , service, , , ...rest] = resource.split(':');
  return `${name} ${action} ${service}:${rest.join(':')}`;
}

/** A first version that does not come up, and is cleaned away. */
async function crashed(onWorld: (world: World) => void): Promise<EngineWorld> {
  const engine = new EngineWorld({ ...emptyAccount, scenario: good, firstStartup: 'crashes', onWorld });
  const { status } = await engine.run(engine.deploy(versionOf('1', props)));
  expect(status, told(engine)).toBe('ROLLBACK_COMPLETE');
  return engine;
}

test('nothing that a role is granted is unused, and nothing that it needs is denied', {
  timeout: 300_000,
}, async () => {
  const used: Access[] = [];
  const granted = new Map<string, Grant>();
  const denied: string[] = [];
  const onWorld = (world: World) => world.wire.onAccess((access) => used.push(access));
  const note = (name: string, engine: EngineWorld) => {
    for (const grant of grantsOf(engine)) granted.set(words(grant), grant);
    const refused = engine.world.log.events.filter(
      ({ event, detail }) => event === 'CallRefused' && detail.includes('is not authorized to perform'),
    );
    denied.push(...refused.map(({ detail }) => `${name}: ${detail}`));
  };
  note('a first version that crashes', await crashed(onWorld));
  for (const [name, scenario, outcome, meanwhile] of practices) {
    const engine = await practised({ scenario, onWorld }, versionOf('1', props), 3);
    const ended = await rollOut(engine, versionOf('2', props), () => meanwhile(engine));
    expect(ended.outcome, `${name}\n${told(engine)}`).toBe(outcome);
    note(name, engine);
  }
  expect(denied).toEqual([]);
  const unused = [...granted]
    .filter(([, grant]) => !used.some((access) => access.roleArn.endsWith(`/${grant.role}`) && covers(grant, access)))
    .map(([word]) => word);
  const reasons = Object.keys(exceptions).map((pattern) => new RegExp(pattern));
  expect(unused.filter((word) => !reasons.some((one) => one.test(word)))).toEqual([]);
  // A reason that is needed no more is a grant that is used by now.
  expect(reasons.filter((one) => !unused.some((word) => one.test(word))).map(String)).toEqual([]);
});
