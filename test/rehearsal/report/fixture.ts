import type { MatrixOutcome, MatrixRow, Outcome, Sample, TimelineEntry } from '../../../rehearsal';

const entry = (
  atSeconds: number,
  source: string,
  event: string,
  detail: string,
  challengerPercent: number,
): TimelineEntry => ({ atSeconds, source, event, detail, challengerPercent });

const timeline: TimelineEntry[] = [
  entry(0, 'cloudformation', 'DeploymentStarted', 'version 2 of stack Fraud', 0),
  entry(12, 'sagemaker', 'UpdateStarted', 'fraud to Config-2', 0),
  entry(13, 'sagemaker', 'FleetLaunching', 'launching 4 instance(s)', 0),
  entry(312, 'sagemaker', 'FleetUp', '4 instance(s) passed their health check', 0),
  entry(313, 'router', 'TrafficShifted', '25 % to Config-2', 25),
  entry(313, 'sagemaker', 'BakingStarted', 'baking for 600 seconds on canary capacity of 1 instance(s)', 25),
  entry(540, 'cloudwatch', 'AlarmStateChanged', 'fraud-ErrorRate-fleet-3f2a: OK to ALARM', 25),
  entry(553, 'sagemaker', 'RollbackStarted', 'alarm fraud-ErrorRate-fleet-3f2a tripped', 25),
  entry(554, 'router', 'TrafficShifted', '100 % to Config-1', 0),
  entry(610, 'sagemaker', 'UpdateFinished', 'fraud is InService with Config-1', 0),
  entry(640, 'lambda', 'ServingVerified', 'no: fraud serves Config-1, Config-2 was requested', 0),
  entry(700, 'cloudformation', 'StackRolledBack', 'UPDATE_ROLLBACK_COMPLETE', 0),
];

const samples: Sample[] = [];
for (let minute = 0; minute < 12; minute++) {
  const canary = minute >= 5 && minute <= 8;
  const sample = { atSeconds: 60 * minute, latencyP50: 40 };
  const requests = canary ? 4500 : 6000;
  samples.push({ ...sample, side: 'champion', requests, errors: minute % 3, latencyP99: 118 + ((7 * minute) % 11) });
  if (canary) {
    const errors = 440 + ((37 * minute) % 29);
    samples.push({ ...sample, side: 'challenger', requests: 1500, errors, latencyP99: 121 + ((5 * minute) % 9) });
  }
}

/** A canary that 30 % errors took back, written by hand. */
export const rolledBack: Outcome = {
  schemaVersion: 1,
  stack: 'Fraud',
  endpoint: 'fraud',
  strategy: 'canary',
  scenario: 'errors',
  seed: 1,
  outcome: 'rolledBack',
  reason: 'alarm fraud-ErrorRate-fleet-3f2a tripped while the canary was baking',
  servedConfig: 'champion',
  onsetSeconds: 313,
  detectSeconds: 227,
  decideSeconds: 240,
  restoreSeconds: 1,
  confirmSeconds: 87,
  totalSeconds: 700,
  badRequests: 1811,
  slowRequests: 0,
  requests: 70_000,
  violations: [],
  timeline,
  verdicts: [{ atSeconds: 540, by: 'fraud-ErrorRate-fleet-3f2a', kind: 'fail', reason: 'alarm is in ALARM' }],
  samples,
  assumptions: [
    { knob: 'metricLagSeconds', setting: '60' },
    { knob: 'configMetrics', setting: 'published' },
  ],
};

/** A good version, promoted. */
export const promoted: Outcome = {
  ...rolledBack,
  scenario: 'good',
  outcome: 'promoted',
  reason: 'every alarm stayed quiet through 2 bakes',
  servedConfig: 'challenger',
  onsetSeconds: null,
  detectSeconds: null,
  decideSeconds: null,
  restoreSeconds: null,
  confirmSeconds: null,
  badRequests: 0,
  verdicts: [],
  timeline: timeline
    .slice(0, 6)
    .concat([
      entry(660, 'router', 'TrafficShifted', '100 % to Config-2', 100),
      entry(700, 'sagemaker', 'UpdateFinished', 'fraud is InService with Config-2', 100),
    ]),
};

const row = (outcome: Outcome, asExpected: boolean, assumptions: MatrixRow['assumptions'] = []): MatrixRow => {
  const { servedConfig, detectSeconds, decideSeconds, restoreSeconds, confirmSeconds } = outcome;
  const { totalSeconds, badRequests, slowRequests } = outcome;
  const seconds = { detectSeconds, decideSeconds, restoreSeconds, confirmSeconds, totalSeconds };
  return { outcome: outcome.outcome, servedConfig, ...seconds, badRequests, slowRequests, assumptions, asExpected };
};
const late = [
  { knob: 'metricLagSeconds', setting: '300' },
  { knob: 'configMetrics', setting: 'never' },
];
const missed: Outcome = { ...rolledBack, outcome: 'promoted', servedConfig: 'challenger', badRequests: 8120 };
const quiet = Array.from({ length: 23 }, () => row(rolledBack, true));

/** The same canary over 24 rows, one of which a late metric spoils. */
export const unsafe: MatrixOutcome = {
  schemaVersion: 1,
  baseline: rolledBack,
  rows: 24,
  safe: false,
  live: true,
  matrix: [...quiet, row(missed, false, late)],
  failures: [{ assumptions: late, outcome: missed, decidedBy: { knob: 'metricLagSeconds', setting: '300' } }],
};

/** The same canary, taken back in every row. */
export const safe: MatrixOutcome = { ...unsafe, safe: true, matrix: [...quiet, quiet[0]], failures: [] };
