import { cloudWatchAlarms } from '../aws/cloudwatch-alarms';
import { cloudWatchMetrics } from '../aws/cloudwatch-metrics';
import { evidenceTable } from '../aws/evidence-table';
import { telemetry } from '../aws/telemetry';
import { judgeStage } from './judge-stage';
import { rememberSeries } from './remember-series';

/** One tick of a bake: all metric gates and alarm levels of a stage. */
export const handler = judgeStage({
  metrics: rememberSeries(cloudWatchMetrics()),
  alarms: cloudWatchAlarms(),
  evidence: evidenceTable(),
  tell: telemetry('judge'),
  now: Date.now,
});
