import * as v from 'valibot';
import { RESERVED_GATE_NAMES } from '../../decision';

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(1024));
const instant = v.pipe(
  v.string(),
  v.isoTimestamp(),
  v.transform((text) => Date.parse(text)),
  v.finite(),
);
const arm = v.strictObject({ variant: name, config: v.nullable(name) });
const alarmNames = v.array(name);

const metric = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[a-z]\w*$/)),
  namespace: name,
  metricName: name,
  dimensions: v.record(name, name),
  /** Dimensions whose value depends on the arm: the word says which property of the arm it is. */
  armDimensions: v.record(name, v.picklist(['variant', 'config'])),
  statistic: name,
});
const series = v.strictObject({
  metrics: v.pipe(v.array(metric), v.minLength(1), v.maxLength(10)),
  expression: v.nullable(name),
});
const ratio = v.strictObject({ numerator: series, denominator: series });
/** A rule is judged by `decision`, which refuses what it does not know: here it is only an object with a name. */
const rule = v.looseObject({ kind: name });

const metricGate = v.strictObject({
  kind: v.literal('metric'),
  id: name,
  arms: v.picklist(['both', 'challenger']),
  read: ratio,
  /** Asked when `read` has a denominator and no numerator at all: a statistic that CloudWatch does not keep. */
  fallback: v.nullable(ratio),
  settleSeconds: v.pipe(v.number(), v.minValue(0), v.maxValue(3600)),
  /** Which rule judges in which phase; a phase that is not named is not judged by this gate. */
  rules: v.strictObject({ stage: v.optional(rule), watch: v.optional(rule), holdback: v.optional(rule) }),
});
const alarmGate = v.strictObject({ kind: v.literal('alarm'), id: name, alarms: v.pipe(alarmNames, v.minLength(1)) });

/** A gate that another handler asks: a plan's gates may be handed over whole. */
const foreignGate = v.looseObject({ kind: v.picklist(['divergence', 'offline', 'function']), id: name });

/** One gate as it stands in a plan. */
export const gateSchema = v.variant('kind', [metricGate, alarmGate, foreignGate]);

/** What one tick of a bake asks. Times are ISO 8601; the tick's own time comes with it, so that a retry asks the same. */
export const eventSchema = v.pipe(
  v.strictObject({
    schemaVersion: v.literal(1),
    rollout: name,
    endpoint: name,
    stage: name,
    /** Metric gates are asked while live traffic is compared (`stage`, `watch`); alarms in every phase. */
    phase: v.picklist(['before', 'shadow', 'stage', 'native', 'watch']),
    at: instant,
    /** Where the evidence begins: the challenger's first live traffic, or the begin of the watch. */
    startedAt: instant,
    /** From here to `startedAt` the champion served alone: its history. Null when there is none to read. */
    baselineFrom: v.nullable(instant),
    /** Where it is planned to end: rules spread their false alarms over this time. */
    endsAt: instant,
    challenger: arm,
    /** Null when nothing serves beside the challenger. */
    champion: v.nullable(arm),
    /** Every change of the challenger's share, in order; the first is at or before `startedAt`. */
    shares: v.pipe(
      v.array(v.strictObject({ at: instant, percent: v.pipe(v.number(), v.minValue(0), v.maxValue(100)) })),
      v.minLength(1),
    ),
    /** Who splits the traffic: SageMaker by weights, or the caller by naming variants, which no share can be held to. */
    split: v.optional(v.picklist(['weights', 'caller']), 'weights'),
    alarms: v.strictObject({ challenger: alarmNames, champion: alarmNames }),
    gates: v.array(gateSchema),
  }),
  v.check(({ startedAt, endsAt }) => startedAt < endsAt, 'endsAt must be after startedAt'),
  v.check(
    ({ baselineFrom, startedAt }) => (baselineFrom ?? startedAt) <= startedAt,
    'baselineFrom must not be after startedAt',
  ),
  v.check(
    ({ shares, startedAt }) => shares.length > 0 && shares[0].at <= startedAt,
    'shares must begin at or before startedAt',
  ),
  v.check(({ shares }) => shares.every(({ at }, i) => i === 0 || shares[i - 1].at < at), 'shares must be in order'),
  v.check(({ gates }) => new Set(gates.map(({ id }) => id)).size === gates.length, 'ids of gates must differ'),
  v.check(
    ({ gates }) => gates.every(({ id }) => !RESERVED_GATE_NAMES.includes(id)),
    `ids of gates must be none of ${RESERVED_GATE_NAMES.join(', ')}`,
  ),
);

export type JudgeEvent = v.InferOutput<typeof eventSchema>;
export type GateDefinition = v.InferOutput<typeof gateSchema>;
export type MetricGate = v.InferOutput<typeof metricGate>;
export type AlarmGate = v.InferOutput<typeof alarmGate>;
export type Ratio = v.InferOutput<typeof ratio>;
export type Arm = v.InferOutput<typeof arm>;
export type ArmSeries = v.InferOutput<typeof series>;

/** The event, or what is wrong with it in one sentence. */
export function readEvent(input: unknown): JudgeEvent | string {
  const result = v.safeParse(eventSchema, input);
  if (result.success) return result.output;
  const problems = result.issues.map((issue) => {
    const path = v.getDotPath(issue);
    return path === null ? issue.message : `${path}: ${issue.message}`;
  });
  return `the event cannot be read: ${problems.slice(0, 5).join('; ')}`;
}
