import type { Clock, Timer } from '../time/clock';
import { randomStream } from '../time/random';
import type { AlarmState, AlarmTransition } from './alarm-state';
import { type CompositeRule, parseCompositeRule } from './composite-rule';
import { evaluateAlarm } from './evaluate-alarm';
import { defineAlarm, type MetricAlarm, type MetricAlarmProperties } from './metric-alarm';
import type { MetricStore } from './metric-store';

/** `AWS::CloudWatch::CompositeAlarm` as CloudFormation has it, with every reference resolved. */
export interface CompositeAlarmProperties {
  readonly AlarmName: string;
  readonly AlarmRule: string;
  readonly [other: string]: unknown;
}

/** One alarm that exists: what it is, and the state it is in. */
export interface AlarmRecord {
  readonly name: string;
  /** Exactly one of both. */
  metric?: MetricAlarm;
  composite?: { readonly properties: CompositeAlarmProperties; readonly rule: CompositeRule };
  state: AlarmState;
  reason: string;
  /** When the state last changed, milliseconds since 1970. */
  updatedAt: number;
  timer?: Timer;
}

export interface AlarmsOptions {
  readonly clock: Clock;
  readonly store: MetricStore;
  /** Draws at which second of its minute each alarm is evaluated. */
  readonly seed: number;
  /**
   * By how many periods the evaluation range is longer than the alarm's own. AWS documents only one example, 5 for 3.
   * @default 2
   */
  readonly extraPeriods?: number;
}

/** All alarms of the account, evaluated in virtual time. */
export class Alarms {
  private readonly records = new Map<string, AlarmRecord>();
  private readonly listeners: ((transition: AlarmTransition) => void)[] = [];
  private readonly history: AlarmTransition[] = [];

  public constructor(private readonly options: AlarmsOptions) {}

  /**
   * Creates an alarm, which begins with INSUFFICIENT_DATA, or changes one, which keeps its state. Throws one error
   * with every problem.
   */
  // source: cloudwatch-put-metric-alarm
  public putMetricAlarm(properties: MetricAlarmProperties): void {
    const problems: string[] = [];
    const metric = defineAlarm(properties, (message) => problems.push(message));
    if (problems.length > 0) throw new Error(`alarm ${properties.AlarmName}: ${problems.join('; ')}`);
    const record = this.record(properties.AlarmName);
    if (record.composite !== undefined) throw new Error(`alarm ${record.name} is a composite alarm already`);
    record.metric = metric;
    if (record.timer === undefined) this.schedule(record, metric.everySeconds);
  }

  /** Creates or changes a composite alarm. Its children must exist, and no circle may arise. */
  // source: cloudwatch-composite-alarm
  public putCompositeAlarm(properties: CompositeAlarmProperties): void {
    const rule = parseCompositeRule(properties.AlarmRule);
    for (const name of rule.alarmNames) {
      if (!this.records.has(name)) throw new Error(`alarm ${properties.AlarmName}: ${name} must exist, and does not`);
      if (this.reaches(name, properties.AlarmName)) {
        throw new Error(`alarm ${properties.AlarmName}: its rule must not lead back to itself, and does by ${name}`);
      }
    }
    const record = this.record(properties.AlarmName);
    if (record.metric !== undefined) throw new Error(`alarm ${record.name} is a metric alarm already`);
    record.composite = { properties, rule };
    this.judgeComposite(record);
  }

  public delete(names: readonly string[]): void {
    for (const name of names) {
      const record = this.records.get(name);
      if (record?.timer !== undefined) this.options.clock.cancel(record.timer);
      this.records.delete(name);
    }
  }

  /** Sets a state by hand; the next evaluation may change it again. */
  // source: cloudwatch-set-alarm-state
  public setState(name: string, state: AlarmState, reason: string): void {
    const record = this.records.get(name);
    if (record === undefined) throw new Error(`alarm ${name} must exist, and does not`);
    this.move(record, state, reason);
  }

  public get(name: string): AlarmRecord | undefined {
    return this.records.get(name);
  }

  /** In the order of their names. */
  public all(): readonly AlarmRecord[] {
    return [...this.records.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Every change of state so far, of deleted alarms too. */
  public get transitions(): readonly AlarmTransition[] {
    return this.history;
  }

  public onTransition(listener: (transition: AlarmTransition) => void): void {
    this.listeners.push(listener);
  }

  private record(name: string): AlarmRecord {
    const existing = this.records.get(name);
    if (existing !== undefined) return existing;
    const reason = 'Unchecked: Initial alarm creation';
    const record: AlarmRecord = { name, state: 'INSUFFICIENT_DATA', reason, updatedAt: this.options.clock.now() };
    this.records.set(name, record);
    return record;
  }

  /** Each alarm is evaluated at a second of its own, not all of them on the minute. */
  // source: cloudwatch-alarm-phase
  private schedule(record: AlarmRecord, everySeconds: number): void {
    const { clock, seed } = this.options;
    const every = everySeconds * 1000;
    const phase = Math.floor(randomStream(seed, `alarm-phase/${record.name}`)() * every);
    const now = clock.now();
    const next = Math.floor((now - phase) / every) * every + phase + every;
    record.timer = clock.at(next, () => {
      if (record.metric === undefined) return;
      this.evaluate(record, record.metric);
      this.schedule(record, record.metric.everySeconds);
    });
  }

  private evaluate(record: AlarmRecord, metric: MetricAlarm): void {
    const { clock, store, extraPeriods = 2 } = this.options;
    const { state, reason } = evaluateAlarm(metric, store, clock.now(), record.state, extraPeriods);
    if (state !== record.state) this.move(record, state, reason());
  }

  /** Alarm actions may be disabled: the state changes all the same. */
  private move(record: AlarmRecord, to: AlarmState, reason: string): void {
    if (record.state === to) return;
    const transition: AlarmTransition = {
      alarmName: record.name,
      at: this.options.clock.now(),
      from: record.state,
      to,
      reason,
    };
    Object.assign(record, { state: to, reason, updatedAt: transition.at });
    this.history.push(transition);
    for (const listener of this.listeners) listener(transition);
    for (const parent of this.records.values()) {
      if (parent.composite?.rule.alarmNames.includes(record.name)) this.judgeComposite(parent);
    }
  }

  private judgeComposite(record: AlarmRecord): void {
    if (record.composite === undefined) return;
    const alarming = record.composite.rule.isTrue((name) => this.records.get(name)?.state);
    this.move(record, alarming ? 'ALARM' : 'OK', `${record.composite.properties.AlarmRule} is ${alarming}`);
  }

  private reaches(from: string, target: string): boolean {
    if (from === target) return true;
    const names = this.records.get(from)?.composite?.rule.alarmNames ?? [];
    return names.some((name) => this.reaches(name, target));
  }
}
