import * as v from 'valibot';
import { closed, mustBe, readClosedYaml } from './closed-yaml';
import { type Behaviour, completeScenario, type Scenario, type ScenarioInput, scenarioProblems } from './scenario';

/** Text in the form of a quantity, and how to read it. */
const quantity = (what: string, pattern: RegExp, read: (amount: number, unit: string) => number) =>
  v.pipe(
    v.string(mustBe(what)),
    v.regex(pattern, mustBe(what)),
    v.transform((text) => {
      const [, amount, unit] = pattern.exec(text) ?? [];
      return read(Number(amount), unit);
    }),
  );

const SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };
const NUMBER = String.raw`(\d+(?:\.\d+)?)`;

/** `90s`, `10m`, `1h`: seconds. */
const time = quantity(
  'a time such as 90s, 10m or 1h',
  new RegExp(`^${NUMBER} ?(ms|s|m|h)$`),
  (n, unit) => n * SECONDS[unit],
);
/** `40ms`, `1.5s`: milliseconds. */
const latency = quantity(
  'a latency such as 40ms or 1.5s',
  new RegExp(`^${NUMBER} ?(ms|s)$`),
  (n, unit) => n * SECONDS[unit] * 1000,
);
/** `30%`: 0.3. */
const percentage = v.pipe(
  quantity('a percentage such as 30%', new RegExp(`^${NUMBER} ?(%)$`), (n) => n / 100),
  v.maxValue(1, 'must be at most 100%'),
);
/** `100 rps`: requests a second. */
const rate = quantity("requests a second such as '100 rps'", new RegExp(`^${NUMBER} ?(rps)$`), (n) => n);

const text = v.pipe(v.string(mustBe('text (put it in quotes)')), v.nonEmpty('must not be empty'));
const oneOf = <const Words extends readonly string[]>(...words: Words) =>
  v.picklist(words, mustBe(`one of ${words.join(', ')}`));
const list = <Item extends v.GenericSchema>(item: Item) => v.array(item, mustBe('a list'));

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
  }),
  v.transform(({ at, traffic, champion, challenger }) => ({
    atSeconds: at,
    ...given({ requestsPerSecond: traffic, champion, challenger }),
  })),
);

const deed = v.pipe(
  closed({
    does: oneOf('approve', 'reject', 'rollback', 'abort', 'revert', 'deployAnother'),
    after: v.optional(time, '0s'),
  }),
  v.transform(({ does, after }) => ({ does, afterSeconds: after })),
);

const file = v.pipe(
  closed({
    name: text,
    description: v.optional(text),
    models: v.optional(list(text)),
    traffic: rate,
    champion: v.optional(behaviour),
    challenger: v.optional(behaviour),
    changes: v.optional(list(change)),
    people: v.optional(list(deed)),
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
};

/**
 * Reads a scenario file. Fails with every problem, each with file, line and column.
 *
 * @throws FileProblems
 */
export function readScenario(text: string, fileName: string): Scenario {
  return readClosedYaml(file, text, fileName);
}

/** Only what is there: an absent word must not hide an inherited value. */
function given<T extends object>(values: { readonly [K in keyof T]?: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}
