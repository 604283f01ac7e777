import { type Evidence, hold, type Verdict } from '../verdict';

/** What a number must be. */
export interface Range {
  readonly min: number;
  /** @default - no upper bound */
  readonly max?: number;
  /** The lower bound itself is refused. @default false */
  readonly above?: boolean;
  /** The upper bound itself is refused. @default false */
  readonly below?: boolean;
  /** @default false */
  readonly integer?: boolean;
}

const everything: Range = { min: Number.NEGATIVE_INFINITY };

/**
 * Reads a rule's config and data, which come from JSON and may be anything, and collects what is wrong in words.
 * After the reading, `refusal` is the `hold` that says so, or undefined when all was sound.
 */
export class Reading {
  private readonly problems: string[] = [];

  /** Adds a problem: what must be true and what was received. */
  public problem(sentence: string): void {
    this.problems.push(sentence);
  }

  /** A finite number inside its range; `fallback` stands in when nothing was given. NaN comes back when refused. */
  public number(name: string, value: unknown, range: Range = everything, fallback?: number): number {
    if (value === undefined && fallback !== undefined) return fallback;
    if (!isNumber(value)) {
      this.problem(`${name} must be a finite number, got ${shown(value)}`);
      return Number.NaN;
    }
    const { min, max = Number.POSITIVE_INFINITY, above, below, integer } = range;
    const inside = (above ? value > min : value >= min) && (below ? value < max : value <= max);
    if (!inside) this.problem(`${name} must be ${words(range)}, got ${value}`);
    else if (integer && !Number.isInteger(value)) this.problem(`${name} must be a whole number, got ${value}`);
    return value;
  }

  /** A word of a closed set; `fallback` stands in when nothing was given. */
  public word<W extends string>(name: string, value: unknown, allowed: readonly W[], fallback?: W): W | undefined {
    if (value === undefined && fallback !== undefined) return fallback;
    if ((allowed as readonly unknown[]).includes(value)) return value as W;
    this.problem(`${name} must be ${allowed.join(' or ')}, got ${shown(value)}`);
    return undefined;
  }

  /** A list of at most `most` entries; empty when refused. */
  public list(name: string, value: unknown, least = 0, most = 200_000): readonly unknown[] {
    if (Array.isArray(value) && value.length >= least && value.length <= most) return value;
    const got = Array.isArray(value) ? `${value.length} entries` : shown(value);
    this.problem(`${name} must be a list of ${least} to ${most} entries, got ${got}`);
    return [];
  }

  /** An object that is no list; empty when refused. */
  public record(name: string, value: unknown): Readonly<Record<string, unknown>> {
    if (isRecord(value)) return value;
    this.problem(`${name} must be an object, got ${shown(value)}`);
    return {};
  }

  /** True when nothing was wrong so far. */
  public get sound(): boolean {
    return this.problems.length === 0;
  }

  /** The verdict on input that cannot be trusted: `hold`, with the first problems and the number of the rest. */
  public refusal(evidence: Evidence): Verdict {
    const first = this.problems.slice(0, 3).join('; ');
    const rest = this.problems.length > 3 ? `; and ${this.problems.length - 3} more problems` : '';
    return hold(`${first}${rest}`, { ...evidence, problems: this.problems.slice(0, 20) });
  }
}

/** An object that is no list and not null. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

function words({ min, max, above, below }: Range): string {
  const low = `${above ? 'above' : 'at least'} ${min}`;
  return max === undefined ? low : `${low} and ${below ? 'below' : 'at most'} ${max}`;
}

/** A value as a short word for a sentence. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `the text "${value.slice(0, 40)}"`;
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return value === undefined ? 'nothing' : String(value);
}
