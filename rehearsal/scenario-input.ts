import * as v from 'valibot';
import { closed, mustBe } from './closed-yaml';
import type { ScenarioInput, ScenarioProblem } from './scenario';
import { list, oneOf, text } from './scenario-file-words';

/** NaN too: what it may not be is told with all that is out of range. */
const number = v.custom<number>((value) => typeof value === 'number', mustBe('a number'));

const behaviour = closed({
  errorRate: v.optional(number),
  clientErrorRate: v.optional(number),
  latencyP50: v.optional(number),
  latencyP99: v.optional(number),
  capacityPerInstance: v.optional(number),
  startup: v.optional(oneOf('healthy', 'crashes', 'noCapacity')),
});

/** What both answer, what stands in S3 and what is published is looked at where it is used. */
const data = v.optional(v.unknown());

const input = closed({
  name: text,
  description: v.optional(v.string(mustBe('text'))),
  models: v.optional(list(text)),
  requestsPerSecond: number,
  champion: v.optional(behaviour),
  challenger: v.optional(behaviour),
  changes: v.optional(
    list(
      closed({
        atSeconds: number,
        requestsPerSecond: v.optional(number),
        champion: v.optional(behaviour),
        challenger: v.optional(behaviour),
        predictions: data,
        metrics: data,
      }),
    ),
  ),
  people: v.optional(
    list(
      closed({
        does: oneOf('approve', 'reject', 'rollback', 'abort', 'revert', 'deployAnother'),
        afterSeconds: number,
      }),
    ),
  ),
  predictions: data,
  reports: data,
  metrics: data,
  expect: closed({
    outcome: oneOf('promoted', 'rolledBack', 'held', 'aborted', 'failed'),
    servedConfig: v.optional(oneOf('champion', 'challenger')),
    maximumBadRequests: v.optional(v.pipe(number, v.minValue(0, 'must be 0 or more'))),
  }),
});

/**
 * Words that a scenario in code does not have, and values that are none: a story whose `errors` nobody reads is that of
 * a good model. The compiler finds them in TypeScript, and nothing does in plain JavaScript.
 */
export function inputProblems(given: ScenarioInput): ScenarioProblem[] {
  const { issues = [] } = v.safeParse(input, given);
  return issues.map(({ path = [], message }) => ({ path: path.map(({ key }) => key as string | number), message }));
}
