import type { Clock } from '../../time/clock';
import { AwsError } from '../aws-error';
import { invokeOperation, type Operations } from '../operations';
import type { AwsService, Json } from '../service';

/** One message that a topic was given. */
export interface Notification {
  /** Milliseconds of virtual time. */
  readonly at: number;
  readonly topicArn: string;
  readonly subject: string | undefined;
  readonly message: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const MAXIMUM_MESSAGE_BYTES = 262_144;

/** Topics, and the log of what was published to them; nobody is mailed. */
export class Sns implements AwsService {
  public readonly name = 'sns';
  /** Every message, in order. */
  public readonly published: Notification[] = [];
  private readonly topics = new Set<string>();
  private readonly operations: Operations = { Publish: (input) => this.publish(input) };

  constructor(private readonly clock: Clock) {}

  public createTopic(topicArn: string): void {
    this.topics.add(topicArn);
  }

  public deleteTopic(topicArn: string): void {
    this.topics.delete(topicArn);
  }

  public invoke(operation: string, input: Json): Json {
    return invokeOperation(this.name, this.operations, operation, input);
  }

  // source: iam-actions-resources
  public resourcesOf(_operation: string, input: Json): readonly string[] {
    return [input?.TopicArn ?? '*'];
  }

  // source: sns-publish
  private publish(input: Json): Json {
    const { TopicArn, Subject, Message, MessageAttributes = {} } = input;
    const invalid = (reason: string) => new AwsError('InvalidParameter', `Invalid parameter: ${reason}`);
    if (!this.topics.has(TopicArn)) throw new AwsError('NotFound', 'Topic does not exist', 404);
    // State machines may publish data: Step Functions sends its JSON.
    const message = typeof Message === 'string' || Message === undefined ? Message : JSON.stringify(Message);
    if (message === undefined || message === '') throw invalid('Empty message');
    if (Buffer.byteLength(message) > MAXIMUM_MESSAGE_BYTES) throw invalid('Message too long');
    if (Subject !== undefined && !/^[\x21-\x7e][\x20-\x7e]{0,99}$/.test(Subject)) throw invalid('Subject');
    const attributes = Object.fromEntries(
      Object.entries<Json>(MessageAttributes).map(([name, value]) => [name, String(value?.StringValue)]),
    );
    this.published.push({ at: this.clock.now(), topicArn: TopicArn, subject: Subject, message, attributes });
    return { MessageId: `00000000-0000-4000-9000-${String(this.published.length).padStart(12, '0')}` };
  }
}
