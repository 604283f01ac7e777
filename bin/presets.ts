import { Duration, type Stack, aws_s3 as s3 } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { type Behaviour, defineScenario, type Scenario, type ScenarioInput } from '../rehearsal';

/** A ready-made strategy, and when its phases begin when nothing is in the way. */
export interface Preset {
  readonly name: string;
  readonly strategy: rollouts.StagedStrategy;
  /** Hours of the shadow phase. */
  readonly shadowHours: number;
  /** Shares of the stages, each of which lasts a day. */
  readonly percents: readonly number[];
  readonly watchHours: number;
  readonly asksPeople: boolean;
  /** Where an undecided stage leaves the traffic. */
  readonly undecided: 'champion' | 'mixed';
}

/** The ready-made strategies. */
export const PRESETS: readonly Preset[] = [
  {
    name: 'minimum-viable',
    strategy: rollouts.StagedStrategy.minimumViable(),
    shadowHours: 0,
    percents: [10],
    watchHours: 24,
    asksPeople: false,
    undecided: 'mixed',
  },
  {
    name: 'standard',
    strategy: rollouts.StagedStrategy.standard(),
    shadowHours: 0,
    percents: [5, 25, 50],
    watchHours: 72,
    asksPeople: false,
    undecided: 'mixed',
  },
  {
    name: 'high-stakes',
    strategy: rollouts.StagedStrategy.highStakes(),
    shadowHours: 48,
    percents: [5, 25, 50],
    watchHours: 72,
    asksPeople: true,
    undecided: 'champion',
  },
];

/** What every preset is judged by on live traffic: two gates, and an alarm for what is too bad to wait for them. */
export const presetGates = (): rollouts.Gate[] => [
  new rollouts.ErrorRateGate({ absoluteMargin: 0.0005, maximumRate: 0.02 }),
  new rollouts.LatencyGate({ percentile: 99, ceiling: Duration.millis(250) }),
];

export const presetAlarms = (): rollouts.RollbackAlarm[] => rollouts.RollbackAlarm.recommended({ errorRate: 0.05 });

/** Where the report on the new version stands. */
const REPORT = { bucket: 'evaluations', key: 'fraud/v7.json' };

/** What a preset is judged by in its rehearsals: with a shadow also an evaluation before it, and what it answers. */
export function presetJudges(
  stack: Stack,
  { shadowHours }: Preset,
): Pick<rollouts.ModelDeploymentProps, 'gates' | 'dataCapture' | 'rollbackAlarms'> {
  const live = presetGates();
  if (shadowHours === 0) return { gates: live, rollbackAlarms: presetAlarms() };
  const reports = s3.Bucket.fromBucketName(stack, 'Evaluations', REPORT.bucket);
  const evaluation = new rollouts.OfflineEvaluationGate({
    report: rollouts.EvaluationReport.fromBucket(reports, REPORT.key),
    checks: [rollouts.EvaluationCheck.limit({ metric: rollouts.MetricPlace.huggingFace('auc'), minimum: 0.9 })],
  });
  return {
    gates: [evaluation, new rollouts.ShadowDivergenceGate({ maximumRate: 0.02 }), ...live],
    dataCapture: { bucket: new s3.Bucket(stack, 'Captures') },
    rollbackAlarms: presetAlarms(),
  };
}

const HOUR = 3600;
/** Long enough after a phase has begun that its fleets are up. */
const LATER = HOUR;
const DAY = 24 * HOUR;

/** What may be wrong with a version, by who finds it. */
const HARMS: readonly (readonly [finder: string, challenger: Partial<Behaviour>])[] = [
  ['ErrorRate', { errorRate: 0.02 }],
  ['LatencyP99', { latencyP50: 80, latencyP99: 400 }],
  ['alarm', { errorRate: 0.3 }],
];

/** Every story that a preset is rehearsed with, and what must come of it. */
export function storiesOf(preset: Preset): Scenario[] {
  const { shadowHours, percents, watchHours, asksPeople, undecided } = preset;
  const begin = shadowHours * HOUR;
  const watch = begin + percents.length * DAY;
  const agrees = asksPeople ? [{ does: 'approve' as const, afterSeconds: 600 }] : [];
  const report = (auc: number) => [{ at: `s3://${REPORT.bucket}/${REPORT.key}`, content: { auc } }];
  const data = shadowHours > 0 ? { reports: report(0.93), predictions: { disagreementRate: 0.005 } } : {};
  const story = (name: string, outcome: Scenario['expect']['outcome'], more: Partial<ScenarioInput> = {}) =>
    defineScenario({
      name,
      requestsPerSecond: 100,
      people: agrees,
      ...data,
      expect: { outcome, servedConfig: outcome === 'promoted' ? 'challenger' : 'champion' },
      ...more,
    });
  const harm = (name: string, atSeconds: number, challenger: Partial<Behaviour>) =>
    story(name, 'rolledBack', { changes: [{ atSeconds, challenger }] });
  const [, worst] = HARMS[HARMS.length - 1];
  const deed = (does: 'rollback' | 'revert' | 'abort') => [{ does, afterSeconds: begin + 6 * HOUR }];
  return [
    story('good', 'promoted'),
    ...(shadowHours > 0
      ? [
          // Nobody but the gates ever saw it: it has failed, and nothing was rolled back.
          story('evaluation fails', 'failed', { reports: report(0.82) }),
          story('shadow diverges', 'failed', { predictions: { disagreementRate: 0.08 } }),
          story('diverges on day 2', 'failed', {
            changes: [{ atSeconds: begin / 2, predictions: { disagreementRate: 0.3 } }],
          }),
        ]
      : []),
    ...percents.flatMap((percent, i) =>
      HARMS.map(([finder, challenger]) => harm(`${finder} at ${percent} %`, begin + i * DAY + LATER, challenger)),
    ),
    harm(`watch hour ${watchHours - 1}`, watch + (watchHours - 2) * HOUR + LATER, worst),
    story('third version', 'rolledBack', {
      people: [{ does: 'deployAnother', afterSeconds: begin + 2 * HOUR }],
      changes: [{ atSeconds: begin + 4 * HOUR, challenger: worst }],
    }),
    story('revert', 'aborted', { people: deed('revert') }),
    story('rollback by hand', 'rolledBack', { people: deed('rollback') }),
    story('1 rps, undecided', 'held', {
      requestsPerSecond: 1,
      // As many errors as make two days of a tenth of the traffic too few to tell, whatever is drawn.
      champion: { errorRate: 0.002 },
      challenger: { errorRate: 0.002 },
      people: [],
      expect: { outcome: 'held', ...(undecided === 'champion' ? { servedConfig: 'champion' } : {}) },
    }),
    ...(asksPeople
      ? [
          story('approval refused', 'rolledBack', { people: [{ does: 'reject', afterSeconds: 600 }] }),
          story('nobody approves', 'held', { people: [] }),
        ]
      : []),
  ];
}
