import type { Clock } from '../../time/clock';
import type { RandomStream } from '../../time/random';
import { AwsError } from '../aws-error';
import { invokeOperation, type Operations } from '../operations';
import type { AwsService, Json } from '../service';
import { compilePattern, type EventPattern } from './event-pattern';
import { type TargetInput, targetInput } from './target-input';

/** Where a matching event goes. */
export interface Target extends TargetInput {
  readonly Id: string;
  readonly Arn: string;
  readonly RoleArn?: string;
}

/** A rule on the default bus, with the words of the CloudFormation resource. */
export interface Rule {
  readonly Name: string;
  readonly EventPattern: EventPattern;
  /** @default 'ENABLED' */
  readonly State?: 'ENABLED' | 'DISABLED';
  readonly Targets: readonly Target[];
}

/** How events arrive. EventBridge promises at least once and no order; none at all is what a fault may do. */
export interface Delivery {
  /** Times that a target gets each event. */
  readonly times: 0 | 1 | 2;
  /** An event may overtake those before it. */
  readonly outOfOrder: boolean;
}

/** What the embedded EventBridge needs of the world. */
export interface EventBridgeProps {
  readonly clock: Clock;
  readonly random: RandomStream;
  readonly region: string;
  readonly account: string;
  /** @default - every event once and in order */
  readonly delivery?: Delivery;
  /** Takes an event to its target: a function, a state machine, a topic. */
  readonly deliver: (target: Target, input: Json, rule: Rule) => void;
}

const TYPICAL_MILLISECONDS = 500;
const LATEST_MILLISECONDS = 60_000;

/** The default event bus: rules, patterns, and deliveries in virtual time. */
export class EventBridge implements AwsService {
  public readonly name = 'events';
  /** Every event that was put, in order. */
  public readonly events: Json[] = [];
  private readonly rules = new Map<string, { readonly rule: Rule; readonly matches: (event: Json) => boolean }>();
  private readonly operations: Operations = { PutEvents: (input) => this.putEvents(input) };
  private sequence = 0;

  constructor(private readonly props: EventBridgeProps) {}

  public putRule(rule: Rule): void {
    this.rules.set(rule.Name, { rule, matches: compilePattern(rule.EventPattern) });
  }

  public deleteRule(name: string): void {
    this.rules.delete(name);
  }

  public invoke(operation: string, input: Json): Json {
    return invokeOperation(this.name, this.operations, operation, input);
  }

  // source: iam-actions-resources
  public resourcesOf(): readonly string[] {
    return [`arn:aws:events:${this.props.region}:${this.props.account}:event-bus/default`];
  }

  /** Puts an event of an AWS service on the bus; what it does not say is filled in. */
  // source: eventbridge-envelope
  public publish(event: {
    readonly source: string;
    readonly 'detail-type': string;
    readonly [field: string]: Json;
  }): Json {
    const { region, account, clock } = this.props;
    const whole = {
      version: '0',
      id: `00000000-0000-4000-8000-${String(++this.sequence).padStart(12, '0')}`,
      account,
      time: new Date(clock.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
      region,
      resources: [],
      ...event,
    };
    this.events.push(whole);
    for (const { rule, matches } of this.rules.values()) {
      if (rule.State === 'DISABLED' || !matches(whole)) continue;
      for (const target of rule.Targets) this.send(rule, target, whole);
    }
    return whole;
  }

  // source: eventbridge-delivery
  private send(rule: Rule, target: Target, event: Json): void {
    const { clock, random, deliver } = this.props;
    const { times, outOfOrder } = this.props.delivery ?? { times: 1, outOfOrder: false };
    const reserved = {
      'aws.events.rule-arn': `${this.resourcesOf()[0].replace(':event-bus/default', `:rule/${rule.Name}`)}`,
      'aws.events.rule-name': rule.Name,
      'aws.events.event.ingestion-time': event.time,
      'aws.events.event': event,
      'aws.events.event.json': event,
    };
    const input = targetInput(target, event, reserved);
    for (let i = 0; i < times; i++) {
      const late = outOfOrder ? random() * LATEST_MILLISECONDS : i * TYPICAL_MILLISECONDS;
      clock.after(TYPICAL_MILLISECONDS + late, () => deliver(target, input, rule));
    }
  }

  private putEvents(input: Json): Json {
    const entries: readonly Json[] = input.Entries ?? [];
    if (entries.length === 0 || entries.length > 10) {
      throw new AwsError(
        'ValidationException',
        "1 validation error detected: Value at 'entries' must have length from 1 to 10",
      );
    }
    const told = entries.map((entry) => this.put(entry));
    return { FailedEntryCount: told.filter(({ ErrorCode }) => ErrorCode !== undefined).length, Entries: told };
  }

  private put(entry: Json): Json {
    const { Source, DetailType, Detail, Resources, EventBusName } = entry;
    const invalid = (ErrorMessage: string) => ({ ErrorCode: 'InvalidArgument', ErrorMessage });
    if (typeof Source !== 'string' || Source === '')
      return invalid('Parameter Source is not valid. Reason: Source is a required argument.');
    if (typeof DetailType !== 'string' || DetailType === '') {
      return invalid('Parameter DetailType is not valid. Reason: DetailType is a required argument.');
    }
    if (Source.startsWith('aws.'))
      return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
    if (EventBusName !== undefined && !/(^|\/)default$/.test(EventBusName)) {
      return { ErrorCode: 'ResourceNotFoundException', ErrorMessage: `Event bus ${EventBusName} does not exist.` };
    }
    let detail: Json;
    try {
      detail = typeof Detail === 'string' ? JSON.parse(Detail) : Detail;
    } catch {
      return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
    }
    const event = this.publish({ source: Source, 'detail-type': DetailType, resources: Resources ?? [], detail });
    return { EventId: event.id };
  }
}
