import { fail, hold, pass, type Verdict } from '../verdict';
import { Reading } from './reading';

/** Passes while a single number stays within fixed limits: the dumb rule, for what has no noise worth modelling. */
export interface CeilingRule {
  readonly kind: 'ceiling';
  /** The largest tolerable value, in the value's own unit. @default - no upper limit */
  readonly maximum?: number;
  /** The smallest tolerable value, in the value's own unit. @default - no lower limit */
  readonly minimum?: number;
  /** With fewer samples behind the value the rule holds. @default 1 */
  readonly minimumSamples?: number;
}

/** What a {@link CeilingRule} looks at. */
export interface CeilingData {
  readonly value: number;
  /** How many samples the value was computed from. */
  readonly samples: number;
}

/** Judges one number against its limits. Neither limit given is `hold`. */
export function judgeCeiling(rule: CeilingRule, data: CeilingData): Verdict {
  const read = new Reading();
  const maximum = read.number('maximum', rule.maximum, undefined, Number.POSITIVE_INFINITY);
  const minimum = read.number('minimum', rule.minimum, undefined, Number.NEGATIVE_INFINITY);
  const least = read.number('minimumSamples', rule.minimumSamples, { min: 1 }, 1);
  if (rule.maximum === undefined && rule.minimum === undefined) read.problem('maximum or minimum must be given');
  if (minimum > maximum) read.problem(`minimum must not be above maximum, got ${minimum} and ${maximum}`);
  const value = read.number('value', data.value);
  const samples = read.number('samples', data.samples, { min: 0, max: 1e15 });
  const evidence = { rule: 'ceiling', version: 1, value, samples, minimum, maximum, minimumSamples: least };
  if (!read.sound) return read.refusal(evidence);
  if (samples < least) return hold(`${samples} samples are fewer than the ${least} that the rule needs`, evidence);
  if (value <= maximum && value >= minimum) return pass(`${value} is within its limits`, evidence);
  const side = value > maximum ? `above the maximum of ${maximum}` : `below the minimum of ${minimum}`;
  return fail(`${value} is ${side}`, evidence);
}
