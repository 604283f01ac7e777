import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { ExecutionAlreadyExists } from '@aws-sdk/client-sfn';
import { applyTransition } from '../../lambda/apply-transition/apply-transition';
import { autoScaling } from '../../lambda/aws/auto-scaling';
import { cloudWatchAlarms } from '../../lambda/aws/cloudwatch-alarms';
import { endpointControl } from '../../lambda/aws/endpoint-control';
import { endpointOwner } from '../../lambda/aws/endpoint-owner';
import { executions } from '../../lambda/aws/executions';
import { notifications } from '../../lambda/aws/notifications';
import { rolloutRecord } from '../../lambda/aws/rollout-record';
import { answerCloudFormation } from '../../lambda/fence/answer-cloudformation';
import { keepRecord } from '../../lambda/keep-record/keep-record';
import { remembered } from '../../lambda/look-at-phase/begun-phases';
import { decide } from '../../lambda/look-at-phase/decide';
import { readEvent } from '../../lambda/look-at-phase/event';
import { look } from '../../lambda/look-at-phase/look';
import { preflight } from '../../lambda/preflight/preflight';
import { bakeMachine } from '../../lib/rollout/machines/bake-machine';
import { rollbackMachine } from '../../lib/rollout/machines/rollback-machine';
import { rolloutMachine } from '../../lib/rollout/machines/rollout-machine';
import { type Engine, functionArn, type Jobs, NAMES, type Send } from '../../rehearsal/campaign/engine-account';

/** What the definitions of the machines name, as a stack fills it in. */
const SUBSTITUTIONS: Readonly<Record<string, string>> = {
  Partition: 'aws',
  BakeMachine: NAMES.bake,
  RollbackMachine: NAMES.rollback,
  ApplyTransition: functionArn('apply-transition'),
  Preflight: functionArn('preflight'),
  KeepRecord: functionArn('keep-record'),
  LookAtPhase: functionArn('look-at-phase'),
};

const filled = (machine: object) =>
  JSON.parse(JSON.stringify(machine).replace(/\$\{(\w+)\}/g, (_, name: string) => SUBSTITUTIONS[name] ?? name));

/** The engine from its sources: the machines as they are synthesized, the functions without bundle and sandbox. */
export function sourceEngine(): Engine {
  return {
    machines: { rollout: filled(rolloutMachine()), bake: filled(bakeMachine()), rollback: filled(rollbackMachine()) },
    rules: [
      rule('alarm', '$.detail.alarmName', {
        source: ['aws.cloudwatch'],
        detail: { alarmName: [{ suffix: '-a-rollout' }, { suffix: '-b-rollout' }], state: { value: ['ALARM'] } },
      }),
      rule('execution', '$.detail.name', endsBadly(NAMES.rollout)),
      rule('rollback', '$.detail.name', endsBadly(NAMES.rollback)),
    ],
    jobs,
  };
}

const endsBadly = (machine: string) => ({
  source: ['aws.states'],
  detail: { stateMachineArn: [machine], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
});

function rule(kind: string, name: string, EventPattern: object) {
  const InputTransformer = {
    InputPathsMap: { name, at: '$.time' },
    InputTemplate: `{"trigger":{"kind":"${kind}","name":<name>,"at":<at>}}`,
  };
  return { Name: kind, EventPattern, Targets: [{ Id: kind, Arn: NAMES.rollback, InputTransformer }] };
}

/** The functions' own code; only the SDK's transport is another. */
const jobs: Jobs = (send, now) => {
  const client = <C>(service: string) => new Transport(service, send) as unknown as C;
  const endpoints = endpointControl(client('sagemaker'));
  const record = rolloutRecord(NAMES.table, client('dynamodb'));
  const notify = notifications(NAMES.topic, client('sns'));
  const looking = {
    record,
    ...remembered(record),
    notify,
    now,
    count: () => {},
    describe: endpoints.describe,
    judge: functionArn('judge'),
    judgeData: functionArn('judge-data'),
  };
  return {
    'apply-transition': applyTransition({
      endpoints,
      record,
      scaling: autoScaling(client('application-autoscaling')),
      now,
    }),
    preflight: preflight({
      record,
      describe: endpoints.describe,
      now,
      // What it deploys names no sources, so there is nothing to compare.
      imageDigest: async () => ({ kind: 'missing' }),
      writtenAt: async () => ({ kind: 'missing' }),
      alarmLevels: cloudWatchAlarms(client('cloudwatch')).levels,
    }),
    'keep-record': async (event) =>
      keepRecord({
        record,
        alarms: cloudWatchAlarms(client('cloudwatch')),
        notify,
        // There is no CloudFormation in a campaign that would wait.
        respond: async () => {},
        now,
      })(event),
    'look-at-phase': async (input) => {
      const event = readEvent(input);
      return event.action === 'look' ? look(looking, event) : decide(looking, event);
    },
    fence: async (event) => {
      let answer = '{}';
      const respond = async (_: string, body: string) => {
        answer = body;
      };
      await answerCloudFormation({
        record,
        owner: endpointOwner(client('sagemaker'), client('cloudformation')),
        executions: executions(client('states')),
        quota: async () => undefined,
        goesBack: async () => false,
        respond,
        rolloutMachine: NAMES.rollout,
        rollbackMachine: NAMES.rollback,
        now,
      })(event);
      return JSON.parse(answer);
    },
  };
};

/** The wire has the points of time of an answer as seconds, the SDK has dates. */
const withDates = (reply: object) =>
  Object.fromEntries(
    Object.entries(reply).map(([name, value]) => [
      name,
      name.endsWith('Time') && typeof value === 'number' ? new Date(1000 * value) : value,
    ]),
  );

/** A client of the SDK without its wire. What the service's model names has the SDK's own class. */
class Transport {
  constructor(
    private readonly service: string,
    private readonly ask: Send,
  ) {}

  // biome-ignore lint/suspicious/noExplicitAny: a command carries its operation's schema: [kind, namespace, name, ...]
  public async send({ schema, input }: any): Promise<unknown> {
    try {
      return withDates(await this.ask(this.service, schema[2], input));
    } catch (error) {
      const { name, message } = error as Error;
      const options = { message, $metadata: {} };
      if (name === 'ConditionalCheckFailedException') throw new ConditionalCheckFailedException(options);
      if (name === 'ExecutionAlreadyExists') throw new ExecutionAlreadyExists(options);
      throw error;
    }
  }
}
