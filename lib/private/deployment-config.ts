import {
  ALARM_NAME_LENGTH,
  CANARY_PERCENT,
  CAPACITY_VALUE_MINIMUM,
  EXECUTION_TIMEOUT_SECONDS,
  LINEAR_STEP_PERCENT,
  type Range,
  ROLLBACK_ALARMS,
  ROLLBACK_BATCH_PERCENT,
  ROLLING_BATCH_PERCENT,
  TERMINATION_WAIT_SECONDS,
  WAIT_INTERVAL_SECONDS,
} from '../../decision/limits';
import { isUnresolved } from './unresolved';

/** Something in a `DeploymentConfig` that SageMaker would refuse, or would take and not do. */
export interface DeploymentConfigProblem {
  /** Where, in CloudFormation's words, from inside of `DeploymentConfig`. */
  readonly path: string;
  readonly code: string;
  /** What must be true, and what was received, in the library's words. */
  readonly message: string;
}

/** What the config is for: both resources have a `DeploymentConfig`, with different words. */
export type GuardedResource = 'AWS::SageMaker::Endpoint' | 'AWS::SageMaker::InferenceComponent';

/**
 * Holds a `DeploymentConfig` against every rule of SageMaker, whoever wrote it: those of the API, and those that exist
 * in its prose only. Values that only the deployment knows are skipped.
 *
 * @param instanceCount instances of the variant (or copies of the component); sizes in instances are skipped without it
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeploymentConfig.html
 */
export function deploymentConfigProblems(
  resource: GuardedResource,
  config: unknown,
  instanceCount?: number,
): DeploymentConfigProblem[] {
  const problems: DeploymentConfigProblem[] = [];
  const report: Report = (path, code, message) => problems.push({ path, code, message });
  const count = instanceCount === undefined || isUnresolved(instanceCount) ? undefined : instanceCount;
  RULES[resource](config, '', { report, count });
  return problems;
}

/** The sizes in a `DeploymentConfig`, and the shares of a variant that they may be. */
const SHARES = {
  CanarySize: CANARY_PERCENT,
  LinearStepSize: LINEAR_STEP_PERCENT,
  MaximumBatchSize: ROLLING_BATCH_PERCENT,
  RollbackMaximumBatchSize: ROLLBACK_BATCH_PERCENT,
};

/** What is wrong with one size of an endpoint's `DeploymentConfig`, whatever fleet it is for. */
export function sizeProblems(name: keyof typeof SHARES, value: unknown): DeploymentConfigProblem[] {
  const problems: DeploymentConfigProblem[] = [];
  const report: Report = (path, code, message) => problems.push({ path, code, message });
  size('INSTANCE_COUNT', SHARES[name])(value, name, { report });
  return problems;
}

type Report = (path: string, code: string, message: string) => void;
interface Context {
  readonly report: Report;
  readonly count?: number;
}
type Rule = (value: unknown, path: string, context: Context) => void;
interface Property {
  readonly rule: Rule;
  readonly required?: boolean;
}

/** `A.B.WaitIntervalInSeconds` is what the user knows as `waitInterval`. */
function noun(path: string): string {
  const name = path
    .split('.')
    .filter((part) => !/^(Value|Type)$/.test(part))
    .at(-1)!
    .replace(/InSeconds$/, '')
    .replace(/Configuration$/, '');
  return name === '' ? 'deploymentConfig' : name[0].toLowerCase() + name.slice(1);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isDecidedLater(value: unknown): boolean {
  if (isUnresolved(value)) return true;
  return isObject(value) && Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::'));
}

const object = (properties: Record<string, Property>, cross: Rule = () => {}): Rule => {
  const known = Object.entries(properties);
  return (value, path, context) => {
    if (isDecidedLater(value)) return;
    if (!isObject(value)) {
      context.report(path, 'WrongType', `${noun(path)} must be a structure, got ${JSON.stringify(value)}`);
      return;
    }
    const prefix = path === '' ? '' : `${path}.`;
    for (const name of Object.keys(value)) {
      if (!Object.hasOwn(properties, name)) {
        context.report(`${prefix}${name}`, 'UnknownProperty', `${name} must not be there: SageMaker does not know it`);
      }
    }
    for (const [name, { rule, required }] of known) {
      if (value[name] !== undefined) rule(value[name], `${prefix}${name}`, context);
      else if (required)
        context.report(`${prefix}${name}`, 'Missing', `${noun(`${prefix}${name}`)} must be there, got nothing`);
    }
    cross(value, path, context);
  };
};

const whole =
  (unit: string, { min, max }: Range, code: string): Rule =>
  (value, path, { report }) => {
    if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return;
    if (isDecidedLater(value)) return;
    const range = max === Infinity ? `at least ${min}` : `between ${min} and ${max}`;
    report(path, code, `${noun(path)} must be a whole number of ${unit}, ${range}, got ${value}`);
  };

const oneOf =
  (...words: string[]): Rule =>
  (value, path, { report }) => {
    if (words.includes(value as string) || isDecidedLater(value)) return;
    report(path, 'UnknownWord', `${noun(path)} must be one of ${words.join(', ')}, got ${JSON.stringify(value)}`);
  };

/** A size, within a share of the variant's instances. */
const size = (countWord: string, share: Range): Rule =>
  object(
    {
      Type: { rule: oneOf(countWord, 'CAPACITY_PERCENT'), required: true },
      Value: {
        rule: whole('instances or percent', { min: CAPACITY_VALUE_MINIMUM, max: Infinity }, 'SizeOutOfRange'),
        required: true,
      },
    },
    (value, path, { report, count }) => {
      const { Type: type, Value: of } = value as { Type: unknown; Value: unknown };
      if (!Number.isInteger(of) || (of as number) < CAPACITY_VALUE_MINIMUM) return;
      if (count === 1 && share.max < 100) {
        const message = `${noun(path)} must be a part of the fleet, got a fleet of 1, use at least 2 instances`;
        report(`${path}.Value`, 'SizeOutOfRange', message);
        return;
      }
      const counted = type === countWord;
      if (!(type === 'CAPACITY_PERCENT' || (counted && count !== undefined))) return;
      const percent = counted ? ((of as number) / count!) * 100 : (of as number);
      if (percent >= share.min && percent <= share.max) return;
      const got = counted ? `${of} of ${count} = ${Math.round(percent * 10) / 10} %` : `${of} %`;
      const range = share.min === 0 ? `at most ${share.max} %` : `between ${share.min} % and ${share.max} %`;
      const change =
        counted && percent > share.max && share.max < 100
          ? `, use at least ${Math.ceil(((of as number) * 100) / share.max)} instances`
          : '';
      const message = `${noun(path)} must be ${range} of the variant's instances, got ${got}${change}`;
      report(`${path}.Value`, 'SizeOutOfRange', message);
    },
  );

const wait = whole('seconds', WAIT_INTERVAL_SECONDS, 'WaitOutOfRange');
const timeout = whole('seconds', EXECUTION_TIMEOUT_SECONDS, 'TimeoutOutOfRange');

/** What both update policies say about time. */
interface Waits {
  readonly TrafficRoutingConfiguration?: { readonly WaitIntervalInSeconds?: unknown };
  readonly WaitIntervalInSeconds?: unknown;
  readonly TerminationWaitInSeconds?: unknown;
  readonly MaximumExecutionTimeoutInSeconds?: unknown;
}

/** "timeout value should be larger than the total waiting time": the API's own words, which it does not check. */
const outlasts: Rule = (value, path, { report }) => {
  const policy = value as Waits;
  const limit = policy.MaximumExecutionTimeoutInSeconds;
  if (typeof limit !== 'number' || isDecidedLater(limit)) return;
  const waits = [
    policy.TrafficRoutingConfiguration?.WaitIntervalInSeconds,
    policy.WaitIntervalInSeconds,
    policy.TerminationWaitInSeconds,
  ].filter((each): each is number => typeof each === 'number' && !isDecidedLater(each));
  const sum = waits.reduce((total, each) => total + each, 0);
  if (limit > sum) return;
  const at = `${path}.MaximumExecutionTimeoutInSeconds`;
  report(at, 'TimeoutTooShort', `${noun(at)} must be more than its waits together, ${sum} s, got ${limit} s`);
};

const routing: Rule = object(
  {
    Type: { rule: oneOf('ALL_AT_ONCE', 'CANARY', 'LINEAR'), required: true },
    // CloudFormation leaves it out without a word, the API does not.
    WaitIntervalInSeconds: { rule: wait, required: true },
    CanarySize: { rule: size('INSTANCE_COUNT', SHARES.CanarySize) },
    LinearStepSize: { rule: size('INSTANCE_COUNT', SHARES.LinearStepSize) },
  },
  (value, path, { report }) => {
    const { Type: type, ...rest } = value as Record<string, unknown>;
    for (const [word, needed] of [
      ['CANARY', 'CanarySize'],
      ['LINEAR', 'LinearStepSize'],
    ]) {
      if (type !== word || rest[needed] !== undefined) continue;
      report(`${path}.${needed}`, 'Missing', `${noun(needed)} must be there when the type is ${word}, got nothing`);
    }
  },
);

const blueGreen: Rule = object(
  {
    TrafficRoutingConfiguration: { rule: routing, required: true },
    TerminationWaitInSeconds: { rule: whole('seconds', TERMINATION_WAIT_SECONDS, 'WaitOutOfRange') },
    MaximumExecutionTimeoutInSeconds: { rule: timeout },
  },
  outlasts,
);

const rolling = (countWord: string): Rule =>
  object(
    {
      MaximumBatchSize: { rule: size(countWord, SHARES.MaximumBatchSize), required: true },
      WaitIntervalInSeconds: { rule: wait, required: true },
      MaximumExecutionTimeoutInSeconds: { rule: timeout },
      RollbackMaximumBatchSize: { rule: size(countWord, SHARES.RollbackMaximumBatchSize) },
    },
    outlasts,
  );

const alarmName: Rule = (value, path, { report }) => {
  const { min, max } = ALARM_NAME_LENGTH;
  if (typeof value === 'string' && value.trim() !== '' && value.length >= min && value.length <= max) return;
  if (isDecidedLater(value)) return;
  report(path, 'AlarmNameOutOfRange', `alarmName must have ${min} to ${max} characters, got ${JSON.stringify(value)}`);
};

const alarms: Rule = (value, path, context) => {
  if (isDecidedLater(value)) return;
  const { min, max } = ROLLBACK_ALARMS;
  if (!Array.isArray(value)) {
    context.report(path, 'WrongType', `${noun(path)} must be a list, got ${JSON.stringify(value)}`);
    return;
  }
  if (!(value.length >= min && value.length <= max)) {
    context.report(path, 'AlarmCount', `rollbackAlarms must make ${min} to ${max} alarms, got ${value.length}`);
  }
  const alarm = object({ AlarmName: { rule: alarmName, required: true } });
  for (const [index, each] of value.entries()) alarm(each, `${path}.${index}`, context);
};

const autoRollback: Rule = object({ Alarms: { rule: alarms, required: true } });

const RULES: { readonly [resource in GuardedResource]: Rule } = {
  'AWS::SageMaker::Endpoint': object(
    {
      BlueGreenUpdatePolicy: { rule: blueGreen },
      RollingUpdatePolicy: { rule: rolling('INSTANCE_COUNT') },
      AutoRollbackConfiguration: { rule: autoRollback },
    },
    (value, _path, { report }) => {
      const both = value as Record<string, unknown>;
      if (both.BlueGreenUpdatePolicy === undefined || both.RollingUpdatePolicy === undefined) return;
      report('DeploymentConfig', 'TwoPolicies', 'a deployment must have one update policy, got blue/green and rolling');
    },
  ),
  'AWS::SageMaker::InferenceComponent': object({
    RollingUpdatePolicy: { rule: rolling('COPY_COUNT'), required: true },
    AutoRollbackConfiguration: { rule: autoRollback },
  }),
};

/** The same structure in CloudFormation's spelling, as `cdk synth` would write it. */
export function inCloudFormationWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inCloudFormationWords);
  if (!isObject(value) || isUnresolved(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([key, each]) => [key[0].toUpperCase() + key.slice(1), inCloudFormationWords(each)]),
  );
}
