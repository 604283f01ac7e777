import { Duration } from 'aws-cdk-lib';
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

/** What each preset is judged by in its rehearsals: two gates, and an alarm for what is too bad to wait for them. */
export const presetGates = (): rollouts.Gate[] => [
  new rollouts.ErrorRateGate({ absoluteMargin: 0.0005, maximumRate: 0.02 }),
  new rollouts.LatencyGate({ percentile: 99, ceiling: Duration.millis(250) }),
];

export const presetAlarms = (): rollouts.RollbackAlarm[] => rollouts.RollbackAlarm.recommended({ errorRate: 0.05 });

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
  const story = (name: string, outcome: Scenario['expect']['outcome'], more: Partial<ScenarioInput> = {}) =>
    defineScenario({
      name,
      requestsPerSecond: 100,
      people: agrees,
      expect: { outcome, servedConfig: outcome === 'promoted' ? 'challenger' : 'champion' },
      ...more,
    });
  const harm = (name: string, atSeconds: number, challenger: Partial<Behaviour>) =>
    story(name, 'rolledBack', { changes: [{ atSeconds, challenger }] });
  const [, worst] = HARMS[HARMS.length - 1];
  const deed = (does: 'rollback' | 'revert' | 'abort') => [{ does, afterSeconds: begin + 6 * HOUR }];
  return [
    story('good', 'promoted'),
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
