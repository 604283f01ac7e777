import * as v from 'valibot';
import { closed, mustBe, readClosedYaml } from './closed-yaml';
import {
  type Behaviour,
  type Change,
  completeScenario,
  type Scenario,
  type ScenarioInput,
  scenarioProblems,
} from './scenario';
import { metrics, predictions, reports } from './scenario-file-data';
import { given, latency, list, oneOf, percentage, rate, text, time } from './scenario-file-words';

const behaviour = v.pipe(
  closed({
    errors: v.optional(percentage),
    clientErrors: v.optional(percentage),
    latency: v.optional(closed({ p50: v.optional(latency), p99: v.optional(latency) })),
    capacity: v.optional(rate),
    startup: v.optional(oneOf('healthy', 'crashes', 'noCapacity')),
  }),
  v.transform(({ errors, clientErrors, latency: { p50, p99 } = {}, capacity, startup }) =>
    given<Behaviour>({
      errorRate: errors,
      clientErrorRate: clientErrors,
      latencyP50: p50,
      latencyP99: p99,
      capacityPerInstance: capacity,
      startup,
    }),
  ),
);

const expectation = v.pipe(
  closed({
    outcome: oneOf('promoted', 'rolledBack', 'held', 'aborted', 'failed'),
    serves: v.optional(oneOf('champion', 'challenger')),
    badRequests: v.optional(v.pipe(v.number(mustBe('a number')), v.minValue(0, 'must be 0 or more'))),
  }),
  v.transform(({ outcome, serves, badRequests }) => ({
    outcome,
    ...given({ servedConfig: serves, maximumBadRequests: badRequests }),
  })),
);

const change = v.pipe(
  closed({
    at: time,
    traffic: v.optional(rate),
    champion: v.optional(behaviour),
    challenger: v.optional(behaviour),
    predictions: v.optional(predictions),
    metrics: v.optional(metrics),
  }),
  v.transform(({ at, traffic, ...rest }) => ({
    atSeconds: at,
    ...given<Omit<Change, 'atSeconds'>>({ requestsPerSecond: traffic, ...rest }),
  })),
);

const deed = v.pipe(
  closed({
    does: oneOf('approve', 'reject', 'rollback', 'abort', 'revert', 'deployAnother'),
    after: v.optional(time, '0s'),
  }),
  v.transform(({ does, after }) => ({ does, afterSeconds: after })),
);

const file = (name: string) =>
  v.pipe(
    closed({
      name: text,
      description: v.optional(text),
      models: v.optional(list(text)),
      traffic: rate,
      champion: v.optional(behaviour),
      challenger: v.optional(behaviour),
      changes: v.optional(list(change)),
      people: v.optional(list(deed)),
      predictions: v.optional(predictions),
      reports: v.optional(reports(name)),
      metrics: v.optional(metrics),
      expect: expectation,
    }),
    v.transform(({ traffic, ...rest }): ScenarioInput => ({ ...rest, requestsPerSecond: traffic })),
    v.rawTransform<ScenarioInput, Scenario>(({ dataset, addIssue, NEVER }) => {
      const scenario = completeScenario(dataset.value);
      const problems = scenarioProblems(scenario);
      for (const { path, message } of problems) {
        const written = path.flatMap((key) => WRITTEN[key] ?? [key]);
        // What is wrong may be inherited; then the nearest mapping that is written is shown.
        const items = written.map(
          (key) => ({ type: 'object', origin: 'value', input: {}, key, value: undefined }) as const,
        );
        addIssue({ message, path: items as unknown as [v.IssuePathItem, ...v.IssuePathItem[]] });
      }
      return problems.length > 0 ? NEVER : scenario;
    }),
  );

/** How the file calls what the scenario calls otherwise. */
const WRITTEN: Readonly<Record<string | number, readonly string[]>> = {
  errorRate: ['errors'],
  clientErrorRate: ['clientErrors'],
  latencyP50: ['latency', 'p50'],
  latencyP99: ['latency', 'p99'],
  capacityPerInstance: ['capacity'],
  requestsPerSecond: ['traffic'],
  atSeconds: ['at'],
  afterSeconds: ['after'],
  disagreementRate: ['disagree'],
  unreadableRate: ['unreadable'],
};

/**
 * Reads a scenario file. Fails with every problem, each with file, line and column.
 *
 * @throws FileProblems
 */
export function readScenario(text: string, fileName: string): Scenario {
  return readClosedYaml(file(fileName), text, fileName);
}
