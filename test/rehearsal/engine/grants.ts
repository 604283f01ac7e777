import { join } from 'node:path';
import { Duration, aws_iam as iam, aws_lambda as lambda, type Stack, aws_s3 as s3 } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { decide } from '../../../bin/commands/decide';
import { packageRoot } from '../../../bin/package-root';
import type { StackArtifact } from '../../../rehearsal/cloudformation/template';
import { EngineWorld } from '../../../rehearsal/engine/engine-world';
import { evaluateAccess, type PolicyDocument } from '../../../rehearsal/iam';
import type { Access } from '../../../rehearsal/lambda/aws-wire';
import type { Scenario } from '../../../rehearsal/scenario';
import type { World } from '../../../rehearsal/world';
import { person } from '../../bin/operate/person';
import { errors, good, story } from '../fixtures/scenarios';
import { emptyAccount, practised, versionOf } from './deployment';
import { rollOut, told } from './practice';
import { scaledHosting } from './scaled';

const asked = {
  stages: [{ percent: 25, bake: Duration.minutes(5), deadline: Duration.minutes(90), approval: true }],
  watchPeriod: Duration.minutes(5),
};
const props = {
  strategy: new rollouts.StagedStrategy(asked),
  // What is not scaled is granted less, and nothing more.
  hosting: scaledHosting,
  gates: [new rollouts.ErrorRateGate({ absoluteMargin: 0.01 })],
  approval: { approvers: [new iam.ArnPrincipal('arn:aws:iam::123456789012:role/OnCall')] },
};

/** A deployment that asks everybody who can be asked: reports, copies, metrics, a function, a person. */
function thorough(stack: Stack) {
  const bucket = s3.Bucket.fromBucketName(stack, 'Data', 'data');
  const code = lambda.Code.fromAsset(join(packageRoot(__dirname), 'bin', 'shadow-review'));
  const runtime = lambda.Runtime.NODEJS_22_X;
  const handler = new lambda.Function(stack, 'Review', { code, handler: 'index.handler', runtime });
  return {
    ...props,
    strategy: new rollouts.StagedStrategy({
      ...asked,
      shadow: { minimumRequests: 100, minimumDuration: Duration.minutes(10), deadline: Duration.hours(4) },
    }),
    dataCapture: { bucket },
    gates: [
      ...props.gates,
      new rollouts.OfflineEvaluationGate({
        report: rollouts.EvaluationReport.fromBucket(bucket, 'evaluation.json'),
        checks: [
          rollouts.EvaluationCheck.limit({ metric: rollouts.MetricPlace.huggingFace('accuracy'), minimum: 0.9 }),
        ],
      }),
      new rollouts.ShadowDivergenceGate({ maximumRate: 0.4, unreadableMargin: 0.4 }),
      new rollouts.FunctionGate({ gateName: 'Review', handler, phases: [rollouts.GatePhase.STAGE] }),
    ],
  };
}
const reason = 'seen';
const MINUTE = 60_000;

function must(holds: boolean, otherwise: string, engine: EngineWorld): void {
  if (!holds) throw new Error(`${otherwise}\n${told(engine)}`);
}

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

/** What somebody types while a rollout is under way, once people were told of something. */
const says =
  (when: string, ...actions: readonly Parameters<typeof decide>[0][]) =>
  async (engine: EngineWorld) => {
    await heard(engine, when);
    for (const action of actions) {
      await engine.clock.sleep(2 * MINUTE);
      await decide(action, 'fraud', { reason }, person(engine).around);
    }
  };

/** One minute of captures of a variant, as SageMaker writes them. */
function captured(engine: EngineWorld, variant: string): void {
  const time = new Date(engine.clock.now()).toISOString();
  const lines = Array.from({ length: 30 }, (_, i) =>
    JSON.stringify({
      captureData: {
        endpointOutput: { observedContentType: 'text/csv', mode: 'OUTPUT', data: `${i % 7}`, encoding: 'CSV' },
      },
      eventMetadata: { eventId: `${time}-${i}`, inferenceTime: time },
      eventVersion: '0',
    }),
  );
  const folder = `data-capture/fraud/${variant}/${time.slice(0, 13).replace(/[-T]/g, '/')}`;
  engine.further.s3.put('data', `${folder}/${time}.jsonl`, lines.join('\n'));
}

/** An evaluation has written its report; both versions' answers are captured; a person agrees. */
async function provided(engine: EngineWorld): Promise<void> {
  engine.further.s3.put('data', 'evaluation.json', JSON.stringify({ accuracy: 0.95 }));
  const { router } = engine.world.sagemaker;
  for (let minute = 0, copied = false; minute < 240; minute++) {
    await engine.clock.sleep(MINUTE);
    const copies = router.of('fraud').mirror !== undefined;
    if (copied && !copies) break;
    copied = copies;
    if (copies) for (const variant of ['a', 'b']) captured(engine, variant);
  }
  await approve(engine);
}

/** A version of the model, as its deployment has it. */
type VersionOf = (version: string) => StackArtifact;
const usual: VersionOf = (version) => versionOf(version, props);

/** What may happen to a rollout, and how it ends. */
const practices: readonly [string, Scenario, string, (engine: EngineWorld) => Promise<void>, VersionOf?][] = [
  ['promoted by everybody who can be asked', good, 'promoted', provided, (version) => versionOf(version, thorough)],
  ['held, and resumed', good, 'promoted', says('RolloutHeld', 'resume', 'approve')],
  [
    'taken back, learned from, and tried again',
    good,
    'rolledBack',
    async (engine) => {
      await says('ApprovalNeeded', 'rollback')(engine);
      await says('RolloutRolledBack', 'closeRetrospective', 'retry')(engine);
      await engine.clock.sleep(15 * MINUTE);
      await decide('abort', 'fraud', { reason }, person(engine).around);
    },
  ],
  ['promoted', good, 'promoted', approve],
  [
    'promoted, and its champion raised in a flood',
    story('flood', {}, { changes: [{ atSeconds: 10 * 60, requestsPerSecond: 400 }] }),
    'promoted',
    async (engine) => {
      await heard(engine, 'ApprovalNeeded');
      await engine.clock.sleep(45 * MINUTE);
      await approve(engine);
    },
  ],
  ['taken back by an alarm', errors, 'rolledBack', async () => {}],
  ['failed to start', story('crashes', { startup: 'crashes' }), 'failed', async () => {}],
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

/** The deployment is taken out of its stack: what serves goes on. */
async function deleted(engine: EngineWorld, { template, ...stack }: StackArtifact): Promise<void> {
  const before = engine.world.sagemaker.router.of('fraud');
  const Resources = Object.fromEntries(
    Object.entries(template.Resources).filter(([, { Type }]) => !/^Custom::Rollout|Alarm$|Dashboard$/.test(Type)),
  );
  const { status, reason: why } = await engine.run(engine.deploy({ ...stack, template: { ...template, Resources } }));
  must(status === 'UPDATE_COMPLETE', `taking the deployment out of its stack is ${status}: ${why}`, engine);
  const after = engine.world.sagemaker.router.of('fraud');
  must(
    JSON.stringify(after.shares) === JSON.stringify(before.shares),
    'what serves has changed with its stack',
    engine,
  );
}

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
  const name = known ?? role.replace(/^Fraud-(RolloutPlatform)?/, '').replace(/[0-9A-F]{8}.*$|-[0-9a-z]{12}$/, '');
  // An ARN without what is the same for all: partition, region, account.
  const on = resource.replace(/^arn:[^:]*:([^:]*):[^:]*:[^:]*/, '$1');
  return `${name} ${action} ${on}`;
}

/** A first version that does not come up, and is cleaned away. */
async function crashed(onWorld: (world: World) => void): Promise<EngineWorld> {
  const engine = new EngineWorld({ ...emptyAccount, scenario: good, firstStartup: 'crashes', onWorld });
  const { status } = await engine.run(engine.deploy(versionOf('1', props)));
  must(status === 'ROLLBACK_COMPLETE', `a first version that crashes is ${status}`, engine);
  return engine;
}

/** What practices have shown of one grant: an action of a statement of a role. */
export interface Trial {
  /** Whose, what, on what. */
  readonly grant: string;
  /** Whether some call that was made would be denied without it. */
  readonly missed: boolean;
}

/** What all practices together have shown of the roles. */
export interface Practised {
  readonly denied: readonly string[];
  /** Pairs of action and resource that nothing has used. */
  readonly unused: readonly string[];
  /** Every action of every statement, dropped. */
  readonly dropped: readonly Trial[];
}

/** Rehearses every practice, and holds each call against the roles. @throws Error when one ends otherwise than it must */
export async function practiseAll(): Promise<Practised> {
  const [unused, used, kept, missed] = [0, 1, 2, 3].map(() => new Set<string>());
  const denied: string[] = [];
  // Roles have the same names in every world, so what one has used is not unused.
  const accesses = new Map<string, Access>();
  const onWorld = ({ wire }: World) => wire.onAccess((access) => accesses.set(JSON.stringify(access), access));
  const note = async (name: string, engine: EngineWorld, after: () => Promise<void> = async () => {}) => {
    const grants = grantsOf(engine);
    const policies = new Map(engine.world.roles.names.map((role) => [role, engine.world.roles.policies(role)]));
    await after();
    const asked = (role: string) => [...accesses.values()].filter(({ roleArn }) => roleArn.endsWith(`/${role}`));
    for (const grant of grants) {
      (asked(grant.role).some((access) => covers(grant, access)) ? used : unused).add(words(grant));
    }
    for (const [role, documents] of policies) {
      for (const { grant, without } of droppedFrom(role, documents)) {
        const allowed = asked(role).filter((access) => evaluateAccess(documents, access).allowed);
        (allowed.some((access) => !evaluateAccess(without, access).allowed) ? missed : kept).add(grant);
      }
    }
    const refused = engine.world.log.events.filter(
      ({ event, detail }) => event === 'CallRefused' && detail.includes('is not authorized to perform'),
    );
    denied.push(...refused.map(({ detail }) => `${name}: ${detail}`));
  };
  await note('a first version that crashes', await crashed(onWorld));
  for (const [name, scenario, outcome, meanwhile, version = usual] of practices) {
    const engine = await practised({ scenario, onWorld }, usual('1'), 3);
    const ended = await rollOut(engine, version('2'), () => meanwhile(engine));
    must(ended.outcome === outcome && ended.violations.length === 0, `${name}: ${JSON.stringify(ended)}`, engine);
    await note(name, engine, () => deleted(engine, version('2')));
  }
  return {
    denied,
    unused: [...unused].filter((word) => !used.has(word)),
    dropped: [
      ...[...missed].map((grant) => ({ grant, missed: true })),
      ...[...kept].filter((grant) => !missed.has(grant)).map((grant) => ({ grant, missed: false })),
    ],
  };
}

/** A role's policies without one action of one statement, for each of them. */
function droppedFrom(role: string, documents: readonly PolicyDocument[]) {
  return documents.flatMap((document, d) =>
    many(document.Statement).flatMap((statement, s) =>
      statement.Effect !== 'Allow'
        ? []
        : many(statement.Action ?? []).map((action) => {
            const Action = many(statement.Action ?? []).filter((one) => one !== action);
            const Statement = many(document.Statement).flatMap((one, i) =>
              i !== s ? [one] : Action.length === 0 ? [] : [{ ...statement, Action }],
            );
            const [resource] = many(statement.Resource ?? '');
            return {
              grant: words({ role, action, resource }),
              without: documents.map((one, i) => (i === d ? { ...document, Statement } : one)),
            };
          }),
    ),
  );
}
