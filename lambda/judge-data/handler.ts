import { evidenceTable } from '../aws/evidence-table';
import { s3Objects } from '../aws/s3-objects';
import { telemetry } from '../aws/telemetry';
import { judgeData } from './judge-data';

/** One tick of the phases before live traffic: evaluation reports, and what the shadow answered. */
export const handler = judgeData({
  objects: s3Objects(),
  evidence: evidenceTable(),
  tell: telemetry('judge-data'),
  now: Date.now,
});
