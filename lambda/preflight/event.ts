import * as v from 'valibot';
import { namedError } from '../aws/named-error';

const name = v.pipe(v.string(), v.minLength(1));

/** A rollout that is about to begin, or was resumed. */
const schema = v.object({
  endpoint: name,
  rolloutId: name,
  epoch: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** When it was asked first, ISO 8601. */
  since: v.pipe(v.string(), v.isoTimestamp()),
});

export type PreflightEvent = v.InferOutput<typeof schema>;

/** The event; an error named `EventUnreadable` where it is none. */
export function readEvent(input: unknown): PreflightEvent {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  const problems = result.issues.map((issue) => `${v.getDotPath(issue) ?? 'event'}: ${issue.message}`);
  throw namedError('EventUnreadable', problems.join('; '));
}
