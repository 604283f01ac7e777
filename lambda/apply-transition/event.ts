import * as v from 'valibot';
import { namedError } from '../aws/named-error';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const name = v.pipe(v.string(), v.minLength(1));
const asked = v.object({
  configName: v.optional(name),
  at: v.optional(v.number()),
  capacityAt: v.optional(v.number()),
});

/** One step of a rollout. `asked` is what the last answer said was asked of SageMaker; it comes back unchanged. */
const schema = v.object({
  action: v.picklist(['create', 'enter', 'finalise', 'restore', 'shrink', 'raise']),
  endpoint: name,
  rolloutId: name,
  epoch: count,
  phaseIndex: v.optional(count, 0),
  /** Instances that serve all traffic, as preflight found them. */
  fullCount: v.optional(count, 0),
  /** The config that served when the phase began, as preflight found it. */
  configBefore: v.optional(v.string(), ''),
  asked: v.optional(asked, {}),
  /** When this was begun, ISO 8601: the longer it takes, the more seldom it is looked at. */
  since: v.optional(v.string(), ''),
  /** Whether the challenger is known to have had live traffic. */
  exposed: v.optional(v.boolean(), false),
});

export type TransitionEvent = v.InferOutput<typeof schema>;

/** The event; an error named `EventUnreadable` where it is none. */
export function readEvent(input: unknown): TransitionEvent {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  const problems = result.issues.map((issue) => `${v.getDotPath(issue) ?? 'event'}: ${issue.message}`);
  throw namedError('EventUnreadable', problems.join('; '));
}
