import * as v from 'valibot';
import { namedError } from '../aws/named-error';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const name = v.pipe(v.string(), v.minLength(1));
const claim = { endpoint: name, rolloutId: name, epoch: count };

/**
 * What asks for a way back. An alarm and an execution are looked up, and so is a way back that did not get to its end; a gate, a person, and a deployment that wants the
 * version before it name the endpoint.
 */
const trigger = v.variant('kind', [
  v.object({ kind: v.literal('alarm'), name, at: v.string() }),
  /** `because`: what a gate has said of it; `error`: what it failed with, as Step Functions caught it. */
  v.object({
    kind: v.literal('execution'),
    name,
    at: v.string(),
    because: v.optional(name),
    error: v.optional(v.unknown()),
  }),
  v.object({ kind: v.literal('rollback'), name, at: v.string() }),
  v.object({ kind: v.literal('gate'), name, at: v.string(), endpoint: name }),
  v.object({ kind: v.literal('person'), name, at: v.string(), endpoint: name }),
  v.object({ kind: v.literal('revert'), name, at: v.string(), endpoint: name }),
]);

const schema = v.variant('action', [
  v.object({ action: v.literal('begin'), ...claim }),
  v.object({ action: v.literal('stuck'), ...claim, reason: v.string() }),
  v.object({ action: v.literal('phase'), ...claim, phaseIndex: count }),
  v.object({
    action: v.literal('entered'),
    ...claim,
    phaseIndex: count,
    fullCount: count,
    detail: v.optional(v.string(), ''),
  }),
  v.object({
    action: v.literal('end'),
    ...claim,
    outcome: v.picklist(['promoted', 'held', 'failed', 'rolledBack', 'aborted']),
    reason: v.string(),
    /** False only when it is known that it never had live traffic: then there is nothing that was rolled back. */
    exposed: v.optional(v.boolean(), true),
  }),
  /** `by` is the execution that asks: when its step is repeated, it gets the same answer. */
  v.object({ action: v.literal('seize'), trigger, by: name }),
  v.object({ action: v.literal('unheard'), trigger, reason: v.string() }),
]);

export type RecordEvent = v.InferOutput<typeof schema>;
export type Trigger = v.InferOutput<typeof trigger>;

/** The event of one action. */
export type EventOf<A extends RecordEvent['action']> = Extract<RecordEvent, { action: A }>;

/** The event; an error named `EventUnreadable` where it is none. */
export function readEvent(input: unknown): RecordEvent {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  const problems = result.issues.map((issue) => `${v.getDotPath(issue) ?? 'event'}: ${issue.message}`);
  throw namedError('EventUnreadable', problems.join('; '));
}
