/** A setting of an AWS behaviour that is not documented, and what it would mean. */
export interface Knob {
  /** Every setting the matrix tries. */
  readonly settings: readonly (string | number)[];
  readonly default: string | number;
  /** Settings under which a good model may be held back: a strategy stays `live` without them. */
  readonly mustHold: readonly (string | number)[];
  /** What is not known, one sentence. */
  readonly question: string;
}

const knob = <const S extends string | number>(
  question: string,
  settings: readonly S[],
  normal: NoInfer<S>,
  mustHold: readonly NoInfer<S>[] = [],
) => ({ question, settings, default: normal, mustHold });

/**
 * Everything about AWS that a rehearsal needs to know and nobody has published. Not defaults to be trusted, but a
 * quantifier: a strategy is safe when it is safe under every one of them. Each is read where `knobs.NAME` appears.
 */
export const KNOBS = {
  alarmInAlarmAtUpdate: knob(
    'what UpdateEndpoint does when a rollback alarm is in ALARM already',
    ['rollsBack', 'refuses', 'ignoredUntilItClears'],
    'rollsBack',
  ),
  insufficientDataInBake: knob(
    'whether INSUFFICIENT_DATA of a rollback alarm in a bake counts as tripped',
    ['ignored', 'rollsBack'],
    'ignored',
    ['rollsBack'],
  ),
  alarmWatch: knob(
    'whether alarms are asked in bakes only, or from the start of the update',
    ['bakes', 'wholeUpdate'],
    'bakes',
  ),
  alarmPollSeconds: knob('how often a bake reads the alarms', [30, 10, 60], 30),
  compositeAlarms: knob('whether a composite alarm may trigger a rollback', ['accepted', 'refused'], 'accepted', [
    'refused',
  ]),
  metricMathAlarms: knob('whether a metric-math alarm may trigger a rollback', ['accepted', 'refused'], 'accepted', [
    'refused',
  ]),
  missingAlarm: knob(
    'what UpdateEndpoint does with the name of an alarm that does not exist',
    ['ignored', 'refused'],
    'ignored',
    ['refused'],
  ),
  executionTimeout: knob(
    'what happens to the traffic when MaximumExecutionTimeoutInSeconds is over',
    ['rollsBack', 'stops'],
    'rollsBack',
  ),
  defaultTimeoutSeconds: knob(
    'MaximumExecutionTimeoutInSeconds of a policy that does not say',
    [28800, 14400, 3600],
    28800,
  ),
  capacityRounding: knob('how CAPACITY_PERCENT becomes a number of instances', ['round', 'floor', 'ceil'], 'round'),
  lastLinearStep: knob(
    'whether the last linear step bakes WaitInterval before TerminationWait',
    ['terminationWait', 'waitIntervalThenTerminationWait'],
    'terminationWait',
  ),
  rollingRollback: knob(
    'whether a rolling rollback sends all traffic back before the old instances are up again',
    ['afterCapacity', 'atOnce'],
    'afterCapacity',
  ),
  shiftSeconds: knob('how long a fleet takes from activation to traffic, or back', [5, 60], 5),
  weightsApplySeconds: knob('how long UpdateEndpointWeightsAndCapacities takes for weights', [5, 60, 300], 5),
  rollbackStatus: knob('EndpointStatus during a guardrail rollback', ['Updating', 'RollingBack'], 'Updating'),
  failureReasonAfterRollback: knob(
    'whether an InService endpoint keeps a FailureReason after a rollback',
    ['present', 'absent'],
    'present',
  ),
  updateToServedConfig: knob(
    'what UpdateEndpoint to the config that is served already does',
    ['noOp', 'full', 'refused'],
    'noOp',
  ),
  silentRollback: knob(
    'what CloudFormation reports when SageMaker has gone back to the old config',
    ['success', 'failure'],
    'success',
  ),
  describeStaleSeconds: knob('how old a DescribeEndpoint reply may be', [0, 30], 0),
  configMetrics: knob(
    'when metrics with the EndpointConfigName dimension are published',
    ['published', 'never', 'late'],
    'published',
  ),
  eventDelivery: knob(
    'how often and in which order EventBridge delivers an event',
    ['once', 'twice', 'never', 'outOfOrder'],
    'once',
  ),
  zeroTraffic: knob('what a variant without requests publishes', ['nothing', 'zeros'], 'nothing'),
  captureDeliverySeconds: knob(
    'after how long SageMaker puts a file of captured requests into S3',
    [300, 60, 1200],
    300,
  ),
  shadowEventIds: knob(
    'whether a shadow captures a copied request under the eventId that the original has',
    ['own', 'same'],
    'own',
  ),
  metricLagSeconds: knob('how long after its minute a datapoint is visible', [60, 150, 300], 60),
} satisfies Record<string, Knob>;

export type KnobName = keyof typeof KNOBS;

/** One setting for each knob. */
export type Knobs = { readonly [N in KnobName]: (typeof KNOBS)[N]['settings'][number] };

/** Every knob at its default. */
export const DEFAULT_KNOBS = Object.fromEntries(
  Object.entries(KNOBS).map(([name, { default: setting }]) => [name, setting]),
) as unknown as Knobs;

/** The defaults, with some settings changed; fails on a name or setting that does not exist. */
export function knobSettings(changed: Partial<Knobs> = {}): Knobs {
  for (const [name, setting] of Object.entries(changed)) {
    const known = (KNOBS as Record<string, Knob>)[name];
    if (known === undefined) {
      throw new Error(`knob must be one of ${Object.keys(KNOBS).join(', ')}, got '${name}' [UnknownKnob]`);
    }
    if (!known.settings.includes(setting)) {
      throw new Error(`${name} must be one of ${known.settings.join(', ')}, got '${setting}' [UnknownKnobSetting]`);
    }
  }
  return { ...DEFAULT_KNOBS, ...changed };
}
