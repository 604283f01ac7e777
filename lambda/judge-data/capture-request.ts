import type { CaptureFile, CaptureWindow } from './capture-files';
import type { CaptureReport, Comparison } from './capture-fold';
import type { DivergenceSummary } from './divergence-summary';

/** A gzipped capture grows about this much; only the memory of the join depends on the estimate. */
const GZIP_GROWTH = 8;

/** Which captures are read, and how they are joined and compared. */
export interface CaptureRequest extends CaptureWindow, Omit<Comparison, 'sampledShare'> {
  /** Bytes of JSONL an hour that are joined in full; beyond them a sample by request id is joined. */
  readonly bytesInFull: number;
}

/** What both sides answered, and how well it could be read. */
export interface CapturesRead {
  readonly report: CaptureReport;
  readonly summary: DivergenceSummary;
}

/** Which share of requests is joined, 0-1, so that the fullest hour of a side fits into memory. */
export function sampledShare(files: readonly CaptureFile[], { bytesInFull }: CaptureRequest): number {
  const hours = new Map<string, number>();
  for (const { side, hour, key, size } of files) {
    const expanded = key.endsWith('.gz') ? size * GZIP_GROWTH : size;
    hours.set(`${side}/${hour}`, (hours.get(`${side}/${hour}`) ?? 0) + expanded);
  }
  return Math.min(1, bytesInFull / Math.max(1, ...hours.values()));
}
