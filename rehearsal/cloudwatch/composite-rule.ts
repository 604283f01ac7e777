import type { AlarmState } from './alarm-state';

/** A composite alarm's rule: the alarms it names, and whether it is true. */
export interface CompositeRule {
  readonly alarmNames: readonly string[];
  isTrue(stateOf: (alarmName: string) => AlarmState | undefined): boolean;
}

type Test = CompositeRule['isTrue'];

const TOKEN = /\s*(?:("[^"]*"|'[^']*')|([^\s()"']+)|([()]))/y;

/**
 * Parses an `AlarmRule`: ALARM(), OK(), INSUFFICIENT_DATA(), TRUE, FALSE, AND, OR, NOT and parentheses. Throws for
 * everything else, by name.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
// source: cloudwatch-composite-alarm
export function parseCompositeRule(text: string): CompositeRule {
  const parser = new Parser(text);
  const isTrue = parser.whole();
  return { alarmNames: [...parser.names], isTrue };
}

class Parser {
  public readonly names = new Set<string>();
  private readonly tokens: string[] = [];
  private next = 0;

  public constructor(private readonly text: string) {
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < text.trimEnd().length) {
      const match = TOKEN.exec(text);
      if (match === null) throw new Error(`the alarm rule '${text}' has an unclosed quotation mark`);
      this.tokens.push(match[1] ?? match[2] ?? match[3]);
    }
  }

  public whole(): Test {
    const test = this.either();
    if (this.next < this.tokens.length) this.refuse();
    return test;
  }

  private either(): Test {
    let left = this.both();
    while (this.accept('OR')) {
      const [first, second] = [left, this.both()];
      left = (stateOf) => first(stateOf) || second(stateOf);
    }
    return left;
  }

  private both(): Test {
    let left = this.one();
    while (this.accept('AND')) {
      const [first, second] = [left, this.one()];
      left = (stateOf) => first(stateOf) && second(stateOf);
    }
    return left;
  }

  private one(): Test {
    if (this.accept('NOT')) {
      const inner = this.one();
      return (stateOf) => !inner(stateOf);
    }
    if (this.accept('(')) {
      const inner = this.either();
      if (!this.accept(')')) this.refuse();
      return inner;
    }
    if (this.accept('TRUE')) return () => true;
    if (this.accept('FALSE')) return () => false;
    for (const state of ['ALARM', 'OK', 'INSUFFICIENT_DATA'] as const) {
      if (this.accept(state)) return this.stateIs(state);
    }
    return this.refuse();
  }

  private stateIs(state: AlarmState): Test {
    if (!this.accept('(')) this.refuse();
    const given = (this.tokens[this.next++] ?? '').replace(/^["']|["']$/g, '');
    // An alarm may be named by its ARN; what follows `:alarm:` is the name.
    const name = given.replace(/^arn:[^:]+:cloudwatch:[^:]*:[^:]*:alarm:/, '');
    if (!this.accept(')')) this.refuse();
    this.names.add(name);
    return (stateOf) => stateOf(name) === state;
  }

  private accept(token: string): boolean {
    if (this.tokens[this.next] !== token) return false;
    this.next++;
    return true;
  }

  private refuse(): never {
    throw new Error(
      `the alarm rule '${this.text}' has '${this.tokens[this.next] ?? 'its end'}' where a state of an alarm must be`,
    );
  }
}
