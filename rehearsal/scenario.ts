import { dataProblems, IDENTICAL, type Predictions, type ServiceMetric, type StoredReport } from './scenario-data';
import { inputProblems } from './scenario-input';

/** How a model version behaves while it serves. Rates are 0-1, latencies are milliseconds. */
export interface Behaviour {
  /** Share of requests answered with 5xx. */
  readonly errorRate: number;
  /** Share of requests answered with 4xx: the caller's fault, never a bad request of the model. */
  readonly clientErrorRate: number;
  /** Median and 99th percentile of the model's latency; a log-normal goes through both. */
  readonly latencyP50: number;
  readonly latencyP99: number;
  /** Requests a second that one instance can take before it saturates. */
  readonly capacityPerInstance: number;
  /** `healthy`, `crashes` (fails its health check on start), `noCapacity` (SageMaker finds no instances). */
  readonly startup: 'healthy' | 'crashes' | 'noCapacity';
}

/** A change of behaviour or traffic at a time after the second deployment began. */
export interface Change {
  readonly atSeconds: number;
  /** @default - as before */
  readonly champion?: Partial<Behaviour>;
  /** @default - as before */
  readonly challenger?: Partial<Behaviour>;
  /** @default - as before */
  readonly requestsPerSecond?: number;
  /** @default - as before */
  readonly predictions?: Partial<Predictions>;
  /** All of them anew. @default - as before */
  readonly metrics?: readonly ServiceMetric[];
}

/**
 * What people do while a rollout is under way. `approve` and `reject` answer it when it asks; `rollback` and `abort` are
 * said at its door; `revert` deploys the version before it again; `deployAnother` tries a third, which must be refused.
 */
export interface Deed {
  readonly does: 'approve' | 'reject' | 'rollback' | 'abort' | 'revert' | 'deployAnother';
  /** After the second deployment began; for `approve` and `reject` after people were asked. */
  readonly afterSeconds: number;
}

/** What a scenario says must come of a rehearsal. */
export interface Expectation {
  readonly outcome: OutcomeKind;
  /**
   * Whose config serves in the end.
   * @default - whichever
   */
  readonly servedConfig?: Side;
  /**
   * The most bad requests that callers may have got.
   * @default - any number
   */
  readonly maximumBadRequests?: number;
}

export type Side = 'champion' | 'challenger';
/** How a rehearsed deployment ended. */
export type OutcomeKind = 'promoted' | 'rolledBack' | 'held' | 'aborted' | 'failed';

/** One story to rehearse: who calls, how both versions behave, what happens meanwhile, and what must come of it. */
export interface Scenario {
  readonly name: string;
  readonly description: string;
  /** Names of the models the story is for; all of them when left out. */
  readonly models?: readonly string[];
  readonly requestsPerSecond: number;
  readonly champion: Behaviour;
  readonly challenger: Behaviour;
  readonly changes: readonly Change[];
  /** What people do, where a rollout engine owns the endpoint. */
  readonly people: readonly Deed[];
  /** What both answer. @default - nobody knows: nothing is captured */
  readonly predictions?: Predictions;
  /** What stands in S3. @default - nothing */
  readonly reports?: readonly StoredReport[];
  /** What the callers' own service publishes. @default - nothing */
  readonly metrics?: readonly ServiceMetric[];
  readonly expect: Expectation;
}

/** A scenario as a person writes it: only what differs from an ordinary day. */
export interface ScenarioInput {
  readonly name: string;
  /** @default '' */
  readonly description?: string;
  /** @default - every model */
  readonly models?: readonly string[];
  readonly requestsPerSecond: number;
  /** @default - `ORDINARY` */
  readonly champion?: Partial<Behaviour>;
  /** @default - as the champion */
  readonly challenger?: Partial<Behaviour>;
  /** @default - none */
  readonly changes?: readonly Change[];
  /** @default - nobody does anything */
  readonly people?: readonly Deed[];
  /** What differs from a challenger that answers as the champion does. @default - nobody knows: nothing is captured */
  readonly predictions?: Partial<Predictions>;
  /** @default - nothing stands in S3 */
  readonly reports?: readonly StoredReport[];
  /** @default - the callers' service publishes nothing */
  readonly metrics?: readonly ServiceMetric[];
  readonly expect: Expectation;
}

/** A healthy model of moderate speed. */
export const ORDINARY: Behaviour = {
  errorRate: 0.001,
  clientErrorRate: 0.01,
  latencyP50: 40,
  latencyP99: 150,
  capacityPerInstance: 100,
  startup: 'healthy',
};

/**
 * A whole scenario from what differs: the challenger inherits the champion's behaviour. Fails with every problem.
 */
export function defineScenario(input: ScenarioInput): Scenario {
  requireNone(input, inputProblems(input));
  const scenario = completeScenario(input);
  requireNone(input, scenarioProblems(scenario));
  return scenario;
}

function requireNone(input: ScenarioInput, problems: readonly ScenarioProblem[]): void {
  if (problems.length === 0) return;
  const lines = problems.map(({ path, message }) => `  - ${path.length === 0 ? 'it' : path.join('.')} ${message}`);
  throw new Error(`scenario '${input?.name}' has problems:\n${lines.join('\n')} [InvalidScenario]`);
}

/** Fills in what is left out, and checks nothing. */
export function completeScenario(input: ScenarioInput): Scenario {
  const champion = behaving(ORDINARY, input.champion);
  return {
    name: input.name,
    description: input.description ?? '',
    ...(input.models === undefined ? {} : { models: input.models }),
    requestsPerSecond: input.requestsPerSecond,
    champion,
    challenger: behaving(champion, input.challenger),
    changes: input.changes ?? [],
    people: input.people ?? [],
    ...(input.predictions === undefined ? {} : { predictions: { ...IDENTICAL, ...input.predictions } }),
    ...(input.reports === undefined ? {} : { reports: input.reports }),
    ...(input.metrics === undefined ? {} : { metrics: input.metrics }),
    expect: input.expect,
  };
}

/** What differs from a behaviour: client errors that nobody speaks of make room for errors, up to all requests. */
function behaving(before: Behaviour, change: Partial<Behaviour> = {}): Behaviour {
  const after = { ...before, ...change };
  if (change.clientErrorRate !== undefined || !(after.errorRate <= 1)) return after;
  return { ...after, clientErrorRate: Math.min(after.clientErrorRate, 1 - after.errorRate) };
}

/** Something that cannot be rehearsed, and where it is written. */
export interface ScenarioProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const RATES = ['errorRate', 'clientErrorRate'] as const;
const POSITIVE = ['latencyP50', 'latencyP99', 'capacityPerInstance'] as const;

/** Everything that is wrong with a scenario; each behaviour is checked as it is after each change. */
export function scenarioProblems(scenario: Scenario): ScenarioProblem[] {
  const problems: ScenarioProblem[] = [];
  const check = (holds: boolean, path: readonly (string | number)[], message: string) => {
    if (!holds) problems.push({ path, message });
  };
  const behaviour = (path: readonly (string | number)[], given: Behaviour) => {
    for (const rate of RATES)
      check(given[rate] >= 0 && given[rate] <= 1, [...path, rate], `must be 0-1, got ${given[rate]}`);
    for (const name of POSITIVE) {
      check(
        given[name] > 0 && given[name] < Number.POSITIVE_INFINITY,
        [...path, name],
        `must be above 0, got ${given[name]}`,
      );
    }
    const wide = given.latencyP99 >= given.latencyP50;
    check(
      wide,
      [...path, 'latencyP99'],
      `must be at least the median of ${given.latencyP50} ms, got ${given.latencyP99} ms`,
    );
    const sum = given.errorRate + given.clientErrorRate;
    check(
      sum <= 1,
      [...path, 'clientErrorRate'],
      `must leave room for the errors, both at most 1 (100 %) together, got ${sum}`,
    );
  };
  const traffic = (path: readonly (string | number)[], rate: number) =>
    check(
      rate >= 0 && rate < Number.POSITIVE_INFINITY,
      [...path, 'requestsPerSecond'],
      `must be 0 or more, got ${rate}`,
    );
  traffic([], scenario.requestsPerSecond);
  behaviour(['champion'], scenario.champion);
  behaviour(['challenger'], scenario.challenger);
  problems.push(...dataProblems(scenario));
  let { champion, challenger, predictions } = scenario;
  scenario.changes.forEach((change, i) => {
    const path = ['changes', i];
    check(change.atSeconds >= 0, [...path, 'atSeconds'], `must be 0 or more, got ${change.atSeconds}`);
    const inOrder = i === 0 || change.atSeconds >= scenario.changes[i - 1].atSeconds;
    check(inOrder, [...path, 'atSeconds'], 'must not be before the change above it');
    if (change.requestsPerSecond !== undefined) traffic(path, change.requestsPerSecond);
    champion = behaving(champion, change.champion);
    challenger = behaving(challenger, change.challenger);
    if (change.champion !== undefined) behaviour([...path, 'champion'], champion);
    if (change.challenger !== undefined) behaviour([...path, 'challenger'], challenger);
    const known = change.predictions === undefined || predictions !== undefined;
    check(known, [...path, 'predictions'], 'must change what the scenario says, and it says nothing of predictions');
    predictions = predictions && { ...predictions, ...change.predictions };
    const { metrics } = change;
    problems.push(...dataProblems({ ...(change.predictions && { predictions }), ...(metrics && { metrics }) }, path));
  });
  scenario.people.forEach(({ afterSeconds }, i) => {
    const sane = afterSeconds >= 0 && afterSeconds < Number.POSITIVE_INFINITY;
    check(sane, ['people', i, 'afterSeconds'], `must be 0 or more, got ${afterSeconds}`);
  });
  return problems;
}
