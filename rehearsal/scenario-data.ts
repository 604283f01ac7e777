import type { ScenarioProblem } from './scenario';
import type { Json } from './services/service';

/**
 * What both versions answer to the same requests, as far as gates compare it: SageMaker records it where the template
 * asks for data capture. Rates are 0-1; the champion's scores lie between 0 and 1.
 */
export interface Predictions {
  /** Share of requests to which the challenger gives an altogether different answer. */
  readonly disagreementRate: number;
  /** What both answer, each label as often as the others; none: scores. */
  readonly labels: readonly string[];
  /** By how much the challenger's scores lie above the champion's. */
  readonly shift: number;
  /** Standard deviation of what the challenger's scores lie off beyond the shift. */
  readonly noise: number;
  /** Share of the challenger's answers that hold no prediction. */
  readonly unreadableRate: number;
  /** An answer, with `{prediction}` in the place of the prediction; JSON where it begins as JSON does, else CSV. */
  readonly answer: string;
  /** Whether callers send an `InferenceId` with every request. */
  readonly inferenceIds: boolean;
  /**
   * Requests of an hour that are recorded at most. A rehearsal thins out heavy traffic, evenly and for both versions
   * alike, where SageMaker would write gigabytes.
   */
  readonly capturedPerHour: number;
}

/** A challenger that answers as the champion does. */
export const IDENTICAL: Predictions = {
  disagreementRate: 0,
  labels: [],
  shift: 0,
  noise: 0,
  unreadableRate: 0,
  answer: '{prediction}',
  inferenceIds: true,
  capturedPerHour: 400,
};

/** An object that stands in S3 from the beginning, such as an evaluation report. */
export interface StoredReport {
  /** `s3://bucket/key`; a key alone stands in every bucket, for those whose name only CloudFormation knows. */
  readonly at: string;
  /** What stands there: a text as it is, anything else as JSON. */
  readonly content: Json;
}

/** One number for each version. */
export interface BothSides {
  readonly champion: number;
  /** @default - as the champion */
  readonly challenger?: number;
}

/**
 * A metric that the callers' own service publishes with the variant that answered: one value for each request that was
 * answered without an error. Either a rate or a mean.
 */
export interface ServiceMetric {
  readonly namespace: string;
  readonly metricName: string;
  /** @default - none but the variant's */
  readonly dimensions?: Readonly<Record<string, string>>;
  /** @default 'VariantName' */
  readonly variantDimension?: string;
  /** @default 'None' */
  readonly unit?: string;
  /** Share of requests, 0-1, that count 1; all others count 0. @default - it is a mean */
  readonly rate?: BothSides;
  /** Mean of the values. @default - it is a rate */
  readonly mean?: BothSides;
  /** Standard deviation of the values, as a part of their mean. @default 1 */
  readonly spread?: number;
}

type Check = (holds: boolean, path: readonly (string | number)[], message: string) => void;
type Path = readonly (string | number)[];

/** What a scenario says of data, and what is wrong with it. */
export interface ScenarioData {
  readonly predictions?: Predictions;
  readonly reports?: readonly StoredReport[];
  readonly metrics?: readonly ServiceMetric[];
}

/** Everything that is wrong with what a scenario says of data. */
export function dataProblems({ predictions, reports = [], metrics = [] }: ScenarioData, at: Path = []) {
  const problems: ScenarioProblem[] = [];
  const check: Check = (holds, path, message) => {
    if (!holds) problems.push({ path: [...at, ...path], message });
  };
  if (predictions !== undefined) checkPredictions(predictions, check);
  reports.forEach((report, i) => {
    const readable = /^s3:\/\/[^/]+\/.+/.test(report.at) || (report.at !== '' && !/^(s3:|\/)/.test(report.at));
    check(readable, ['reports', i, 'at'], `must be s3://bucket/key, or a key, got '${report.at}'`);
  });
  metrics.forEach((metric, i) => {
    checkMetric(metric, ['metrics', i], check);
  });
  return problems;
}

const finite = (value: number) => Number.isFinite(value);

function checkPredictions(predictions: Predictions, check: Check): void {
  const at = (name: string): Path => ['predictions', name];
  const { labels, answer, shift, noise, capturedPerHour } = predictions;
  for (const rate of ['disagreementRate', 'unreadableRate'] as const) {
    const value = predictions[rate];
    check(value >= 0 && value <= 1, at(rate), `must be 0-1, got ${value}`);
  }
  check(labels.length !== 1, at('labels'), `must be none or at least two, got '${labels.join(', ')}'`);
  check(new Set(labels).size === labels.length, at('labels'), 'must differ from each other');
  check(finite(shift), at('shift'), `must be a number, got ${shift}`);
  check(noise >= 0 && finite(noise), at('noise'), `must be 0 or more, got ${noise}`);
  for (const name of ['shift', 'noise'] as const) {
    check(labels.length === 0 || predictions[name] === 0, at(name), 'is for scores, and there are labels');
  }
  check(answer.includes('{prediction}'), at('answer'), `must hold {prediction}, got '${answer}'`);
  check(
    capturedPerHour >= 1 && finite(capturedPerHour),
    at('capturedPerHour'),
    `must be 1 or more, got ${capturedPerHour}`,
  );
}

function checkMetric({ rate, mean, spread = 1 }: ServiceMetric, at: Path, check: Check): void {
  check((rate === undefined) !== (mean === undefined), at, 'must have either a rate or a mean');
  for (const [side, value] of Object.entries({ ...rate })) {
    check(value >= 0 && value <= 1, [...at, 'rate', side], `must be 0-1, got ${value}`);
  }
  for (const [side, value] of Object.entries({ ...mean })) {
    check(value > 0 && finite(value), [...at, 'mean', side], `must be above 0, got ${value}`);
  }
  check(spread >= 0 && finite(spread), [...at, 'spread'], `must be 0 or more, got ${spread}`);
}
