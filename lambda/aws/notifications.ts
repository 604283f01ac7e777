import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';

/** SNS takes subjects of at most 100 characters: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const SUBJECT_CHARACTERS = 100;

/**
 * Tells people, one message a transition. What cannot be told must not stop what is being done, a rollback least of
 * all, so a failure is logged and left.
 */
export function notifications(
  TopicArn: string | undefined = process.env['NOTIFICATION_TOPIC'],
  client: SNSClient = new SNSClient({}),
) {
  return async (subject: string, text: string): Promise<void> => {
    try {
      await client.send(new PublishCommand({ TopicArn, Subject: subject.slice(0, SUBJECT_CHARACTERS), Message: text }));
    } catch (error) {
      console.error(`not told: ${subject}: ${error instanceof Error ? error.message : error}`);
    }
  };
}
