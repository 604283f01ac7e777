import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import { closed, mustBe } from './closed-yaml';
import type { Predictions, ServiceMetric, StoredReport } from './scenario-data';
import { given, list, percentage, text } from './scenario-file-words';

const number = v.number(mustBe('a number'));

/** What both versions answer. */
export const predictions = v.pipe(
  closed({
    disagree: v.optional(percentage),
    labels: v.optional(list(text)),
    shift: v.optional(number),
    noise: v.optional(number),
    unreadable: v.optional(percentage),
    answer: v.optional(text),
    inferenceIds: v.optional(v.boolean(mustBe('true or false'))),
    capturedPerHour: v.optional(number),
  }),
  v.transform(({ disagree, unreadable, ...rest }) =>
    given<Predictions>({ disagreementRate: disagree, unreadableRate: unreadable, ...rest }),
  ),
);

interface Written {
  readonly at: string;
  readonly file?: string | undefined;
  readonly content?: unknown;
}

/** The content of a file beside the scenario, or what stands in the scenario itself. */
const report = (folder: string) =>
  v.pipe(
    closed({ at: text, file: v.optional(text), content: v.optional(v.unknown()) }),
    v.transform((written): Written => written),
    v.rawTransform<Written, StoredReport>(({ dataset, addIssue, NEVER }) => {
      const { at, file, content } = dataset.value;
      if ((file === undefined) === (content === undefined)) {
        addIssue({ message: 'must have either a file or its content' });
        return NEVER;
      }
      if (file === undefined) return { at, content };
      try {
        return { at, content: readFileSync(resolve(folder, file), 'utf8') };
      } catch (error) {
        const why = error instanceof Error && 'code' in error ? String(error.code) : 'it cannot be read';
        addIssue({ message: `must name a file beside the scenario, got '${file}' (${why})` });
        return NEVER;
      }
    }),
  );

/** What stands in S3; files are looked for beside the scenario's. */
export const reports = (fileName: string) => list(report(dirname(fileName)));

const rates = closed({ champion: percentage, challenger: v.optional(percentage) });
const means = closed({ champion: number, challenger: v.optional(number) });

/** What the callers' own service publishes. */
export const metrics = list(
  v.pipe(
    closed({
      namespace: text,
      name: text,
      dimensions: v.optional(v.record(v.string(), text)),
      variantDimension: v.optional(text),
      unit: v.optional(text),
      rate: v.optional(rates),
      mean: v.optional(means),
      spread: v.optional(number),
    }),
    v.transform(
      ({ namespace, name, ...rest }): ServiceMetric => ({
        namespace,
        metricName: name,
        ...given<Omit<ServiceMetric, 'namespace' | 'metricName'>>(rest),
      }),
    ),
  ),
);
