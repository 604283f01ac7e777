import { aws_cloudwatch as cloudwatch } from 'aws-cdk-lib';
import { AlarmGate } from 'cdk-sagemaker-rollouts';
import { describe, expect, test } from 'vitest';
import { bind, stack } from './bind';

const alarm = cloudwatch.Alarm.fromAlarmArn(
  stack,
  'Refunds',
  'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:refunds',
);

describe('AlarmGate', () => {
  test('names its alarms, and may look at these only', () => {
    const { definition, statements } = bind(new AlarmGate({ alarms: [alarm] }));
    expect(definition).toEqual({ kind: 'alarm', id: 'Alarm', alarms: ['refunds'] });
    expect(statements).toEqual([
      {
        Action: 'cloudwatch:DescribeAlarms',
        Effect: 'Allow',
        Resource: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:refunds',
      },
    ]);
  });

  test('a composite alarm is shown only to who may see all', () => {
    const composite = new cloudwatch.CompositeAlarm(stack, 'Any', {
      alarmRule: cloudwatch.AlarmRule.fromBoolean(true),
    });
    expect(bind(new AlarmGate({ alarms: [composite] })).statements[0].Resource).toBe('*');
  });

  test.each([0, 101])('fails on %d alarms', (count) => {
    expect(() => new AlarmGate({ alarms: Array(count).fill(alarm) })).toThrow(`1 to 100 alarms, got ${count}`);
  });
});
