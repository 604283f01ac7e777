import { respondByHttps } from '../aws/cloudformation';
import { cloudWatchAlarms } from '../aws/cloudwatch-alarms';
import { notifications } from '../aws/notifications';
import { rolloutRecord } from '../aws/rollout-record';
import { keepRecord } from './keep-record';

/** Writes down what happens to a rollout, and who holds its endpoint. */
export const handler = keepRecord({
  record: rolloutRecord(),
  alarms: cloudWatchAlarms(),
  notify: notifications(),
  respond: respondByHttps(),
  now: Date.now,
});
