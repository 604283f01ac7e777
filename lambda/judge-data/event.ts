import * as v from 'valibot';
import { parsePath } from '../../decision';

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(1024));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const instant = v.pipe(
  v.string(),
  v.isoTimestamp(),
  v.transform((text) => Date.parse(text)),
  v.finite(),
);
const path = v.pipe(
  v.string(),
  v.check((text) => parsePath(text) !== null, 'a path must name one place, such as $.metrics.auc.value'),
);
const arm = v.strictObject({ variant: name, config: v.nullable(name) });
const object = v.strictObject({ bucket: name, key: name });
/** A rule is judged by `decision`, which refuses what it does not know: here it is only an object with a name. */
const rule = v.looseObject({ kind: name });

const divergenceGate = v.strictObject({
  kind: v.literal('divergence'),
  id: name,
  captures: v.strictObject({ bucket: name, prefix: v.string() }),
  joinOn: v.pipe(v.array(v.picklist(['inferenceId', 'eventId'])), v.minLength(1)),
  output: v.strictObject({
    type: v.picklist(['auto', 'number', 'label']),
    column: v.pipe(v.number(), v.integer(), v.minValue(0)),
    path,
    tolerance: v.pipe(v.number(), v.finite(), v.minValue(0)),
  }),
  /** Share of lines that may be unreadable, without an id, or doubled. */
  maximumUnusableShare: share,
  bytesInFull: v.pipe(v.number(), v.finite(), v.minValue(1)),
  rules: v.pipe(v.array(rule), v.minLength(1)),
});

const estimate = v.strictObject({ value: path, standardError: v.nullable(path), trials: v.nullable(path) });
const check = v.variant('check', [
  /** Compares both reports, slice by slice. */
  v.strictObject({
    check: v.literal('comparison'),
    metric: name,
    slices: v.pipe(v.array(v.strictObject({ name, ...estimate.entries })), v.minLength(1)),
    rule,
  }),
  /** Holds a value of the challenger's report within a limit. */
  v.strictObject({ check: v.literal('limit'), metric: name, value: path, samples: v.nullable(path), rule }),
  /** Holds measures of fairness within limits. */
  v.strictObject({
    check: v.literal('fairness'),
    metric: name,
    facets: v.pipe(v.array(v.strictObject({ name, values: v.record(name, path) })), v.minLength(1)),
    rule,
  }),
]);
const offlineGate = v.strictObject({
  kind: v.literal('offline'),
  id: name,
  challenger: object,
  champion: v.nullable(object),
  checks: v.pipe(v.array(check), v.minLength(1)),
});
/** A gate that another handler asks: a plan's gates may be handed over whole. */
const foreignGate = v.looseObject({ kind: v.picklist(['metric', 'alarm', 'function']), id: name });

/** One gate as it stands in a plan. */
export const gateSchema = v.variant('kind', [divergenceGate, offlineGate, foreignGate]);

/** What one tick of the phases before live traffic asks. Times are ISO 8601. */
export const eventSchema = v.pipe(
  v.strictObject({
    schemaVersion: v.literal(1),
    rollout: name,
    endpoint: name,
    stage: name,
    phase: v.picklist(['before', 'shadow', 'stage', 'native', 'watch']),
    at: instant,
    startedAt: instant,
    /** Where the phase is planned to end: nothing here depends on it. */
    endsAt: v.optional(instant),
    challenger: arm,
    champion: v.nullable(arm),
    /** What the shadow was promised: null in phases that have none. */
    shadow: v.nullable(
      v.strictObject({
        samplingPercent: v.pipe(v.number(), v.minValue(0), v.maxValue(100)),
        minimumRequests: v.pipe(v.number(), v.integer(), v.minValue(1)),
        minimumHours: v.pipe(v.number(), v.finite(), v.minValue(0)),
      }),
    ),
    gates: v.array(gateSchema),
  }),
  v.check(({ at, startedAt }) => startedAt <= at, 'startedAt must not be after at'),
  v.check(({ gates }) => new Set(gates.map(({ id }) => id)).size === gates.length, 'ids of gates must differ'),
);

export type JudgeDataEvent = v.InferOutput<typeof eventSchema>;
export type DivergenceGate = v.InferOutput<typeof divergenceGate>;
export type OfflineGate = v.InferOutput<typeof offlineGate>;
export type OfflineCheck = v.InferOutput<typeof check>;
export type EstimatePaths = v.InferOutput<typeof estimate>;

/** The event, or what is wrong with it in one sentence. */
export function readEvent(input: unknown): JudgeDataEvent | string {
  const result = v.safeParse(eventSchema, input);
  if (result.success) return result.output;
  const problems = result.issues.map((issue) => {
    const at = v.getDotPath(issue);
    return at === null ? issue.message : `${at}: ${issue.message}`;
  });
  return `the event cannot be read: ${problems.slice(0, 5).join('; ')}`;
}
