import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { beforeEach, expect, test } from 'vitest';
import { queryWire, Sns } from '../../../rehearsal/services';
import { Clock, EPOCH } from '../../../rehearsal/time/clock';
import { clientOptions, wired } from './wired';

const TopicArn = 'arn:aws:sns:eu-west-1:123456789012:told';
let sns: Sns;
let client: SNSClient;
beforeEach(() => {
  sns = new Sns(new Clock());
  sns.createTopic(TopicArn);
  client = new SNSClient({ ...clientOptions, requestHandler: wired(queryWire, sns) });
});

test('what the real SDK publishes is in the log, in order', async () => {
  const MessageAttributes = { kind: { DataType: 'String', StringValue: 'rolledBack' } };
  const told = await client.send(
    new PublishCommand({ TopicArn, Subject: 'fraud', Message: 'a & <b>\n', MessageAttributes }),
  );
  await client.send(new PublishCommand({ TopicArn, Message: 'second' }));
  expect(told.MessageId).toMatch(/^[\d-]{36}$/);
  expect(sns.published).toEqual([
    { at: EPOCH, topicArn: TopicArn, subject: 'fraud', message: 'a & <b>\n', attributes: { kind: 'rolledBack' } },
    { at: EPOCH, topicArn: TopicArn, subject: undefined, message: 'second', attributes: {} },
  ]);
});

test.each([
  ['a topic that is not there', { TopicArn: `${TopicArn}s`, Message: 'm' }, 'NotFoundException'],
  ['no message', { TopicArn, Message: '' }, 'InvalidParameterException'],
  ['a subject of two lines', { TopicArn, Message: 'm', Subject: 'a\nb' }, 'InvalidParameterException'],
  ['a subject of 101 characters', { TopicArn, Message: 'm', Subject: 'x'.repeat(101) }, 'InvalidParameterException'],
  ['a message above 256 KiB', { TopicArn, Message: 'x'.repeat(262_145) }, 'InvalidParameterException'],
])('fails for %s', async (_, input, name) => {
  await expect(client.send(new PublishCommand(input))).rejects.toMatchObject({ name });
  expect(sns.published).toEqual([]);
});
