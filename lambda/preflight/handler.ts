import { archives } from '../aws/archives';
import { cloudWatchAlarms } from '../aws/cloudwatch-alarms';
import { describeEndpoint } from '../aws/describe-endpoint';
import { imageRegistry } from '../aws/image-registry';
import { rolloutRecord } from '../aws/rollout-record';
import { preflight } from './preflight';

/** Asks whether a rollout may begin. */
export const handler = preflight({
  record: rolloutRecord(),
  describe: describeEndpoint(),
  imageDigest: imageRegistry().digest,
  writtenAt: archives().writtenAt,
  alarmLevels: cloudWatchAlarms().levels,
  now: Date.now,
});
