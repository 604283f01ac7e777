import { type AlarmType, type CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { cloudWatchClient } from './cloudwatch-client';

/** Names a request may carry: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
const MAXIMUM_NAMES = 100;

type Levels = Map<string, string>;

/** Reads alarm levels (not edges): what each alarm says now. An alarm that does not exist has no entry. */
export function cloudWatchAlarms(client: CloudWatchClient = cloudWatchClient()) {
  return {
    async levels(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
      const levels: Levels = new Map();
      await describe(client, names, 'MetricAlarm', levels);
      const missing = names.filter((name) => !levels.has(name));
      // Composite alarms are shown only to a role that may see every alarm. Where ours may not, they stay unknown:
      // that says less than an error would hide, the levels of all the others.
      await describe(client, missing, 'CompositeAlarm', levels).catch((error: unknown) => {
        if (!(error instanceof Error && /AccessDenied/.test(error.name))) throw error;
      });
      return levels;
    },
  };
}

async function describe(client: CloudWatchClient, names: readonly string[], type: AlarmType, levels: Levels) {
  for (let start = 0; start < names.length; start += MAXIMUM_NAMES) {
    const AlarmNames = names.slice(start, start + MAXIMUM_NAMES);
    let NextToken: string | undefined;
    do {
      const page = await client.send(new DescribeAlarmsCommand({ AlarmNames, AlarmTypes: [type], NextToken }));
      for (const alarm of [...(page.MetricAlarms ?? []), ...(page.CompositeAlarms ?? [])]) {
        if (alarm.AlarmName !== undefined) levels.set(alarm.AlarmName, alarm.StateValue ?? 'absent');
      }
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
  }
}
