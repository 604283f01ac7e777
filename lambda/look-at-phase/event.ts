import * as v from 'valibot';
import { namedError } from '../aws/named-error';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const name = v.pipe(v.string(), v.minLength(1));
const instant = v.pipe(v.string(), v.isoTimestamp());
/** `bake` is the execution that looks. */
const place = { endpoint: name, rolloutId: name, epoch: count, phaseIndex: count, bake: name };

/** What was answered in this tick, by users' functions too: anything that is no verdict is read as `hold`. */
const verdict = v.object({ kind: v.unknown(), reason: v.unknown() });

const schema = v.variant('action', [
  /** What is to be asked in this tick, and by whom. `at` comes with the tick, so that a repeated one asks the same. */
  v.object({ action: v.literal('look'), ...place, at: instant }),
  /** What the answers mean. `driftTicks` is what the last tick said of it. */
  v.object({
    action: v.literal('decide'),
    ...place,
    at: instant,
    drift: v.nullable(v.string()),
    short: v.nullable(v.string()),
    driftTicks: v.optional(count, 0),
    ticks: v.optional(count, 0),
    answers: v.array(verdict),
  }),
]);

export type LookEvent = Extract<v.InferOutput<typeof schema>, { action: 'look' }>;
export type DecideEvent = Extract<v.InferOutput<typeof schema>, { action: 'decide' }>;

/** The event; an error named `EventUnreadable` where it is none. */
export function readEvent(input: unknown): LookEvent | DecideEvent {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  const problems = result.issues.map((issue) => `${v.getDotPath(issue) ?? 'event'}: ${issue.message}`);
  throw namedError('EventUnreadable', problems.join('; '));
}
