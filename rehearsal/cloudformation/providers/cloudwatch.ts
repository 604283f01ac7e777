import type { CloudWatch } from '../../cloudwatch/cloudwatch';
import type { WorldLog } from '../../log';
import type { Physical, Properties, ResourceProvider, ResourceRequest } from '../resource-provider';

/** `AWS::CloudWatch::Alarm` and `CompositeAlarm`: an update keeps the state, a replacement begins anew. */
// source: cloudformation-alarm
export function alarmProvider(kind: 'metric' | 'composite', cloudwatch: CloudWatch, log: WorldLog): ResourceProvider {
  const put = (name: string, properties: Properties): Physical => {
    const alarm = { ...properties, AlarmName: name };
    if (kind === 'metric') cloudwatch.putMetricAlarm(alarm as unknown as Parameters<CloudWatch['putMetricAlarm']>[0]);
    else cloudwatch.putCompositeAlarm(alarm as unknown as Parameters<CloudWatch['putCompositeAlarm']>[0]);
    return { id: name, attributes: { AlarmName: name, Arn: cloudwatch.alarmArn(name) } };
  };
  return {
    async create({ generatedName }: ResourceRequest, properties) {
      return put(properties['AlarmName'] ?? generatedName, properties);
    },
    async update(_request, properties, physical) {
      return put(physical.id, properties);
    },
    async delete(_request, { id }) {
      cloudwatch.deleteAlarms([id]);
      log.record('cloudwatch', 'AlarmDeleted', id, { alarm: id });
    },
  };
}
