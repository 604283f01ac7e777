import { Duration } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import * as v from 'valibot';
import { mustBe } from '../rehearsal/closed-yaml';

/** Text; a number must be quoted to be one. */
export const text = v.pipe(v.string(mustBe('text (put it in quotes)')), v.nonEmpty('must not be empty'));

/** A number, as YAML writes it. */
export const number = v.number(mustBe('a number'));

const worded = <Value>(what: string, pattern: RegExp, read: (...groups: string[]) => Value) =>
  v.pipe(
    v.string(mustBe(what)),
    v.regex(pattern, mustBe(what)),
    v.transform((value) => read(...(pattern.exec(value) ?? []).slice(1))),
  );

/** `250ms`, `30s`, `10m`, `1h`. */
export const duration = worded('a time such as 250ms, 30s, 10m or 1h', /^(\d+)(ms|s|m|h)$/, (count, unit) => {
  const units = { ms: Duration.millis, s: Duration.seconds, m: Duration.minutes, h: Duration.hours };
  return units[unit as keyof typeof units](Number(count));
});

/** `2%` is 0.02. */
export const rate = worded('a percentage such as 2%', /^(\d+(?:\.\d+)?)%$/, (percent) => Number(percent) / 100);

/** `25%` of the fleet, or `2 instances`. */
export const capacity = v.pipe(
  v.string(mustBe("a part of the fleet such as 25% or '2 instances'")),
  v.regex(/^\d+(%| instances?)$/, mustBe("a part of the fleet such as 25% or '2 instances'")),
  asBuilt((value) => {
    const amount = Number.parseInt(value, 10);
    return value.endsWith('%') ? rollouts.CapacitySize.percent(amount) : rollouts.CapacitySize.instances(amount);
  }),
);

/** `s3://bucket/key`. */
export const s3Uri = worded('an address such as s3://bucket/key', /^s3:\/\/([^/\s]+)\/(\S+)$/, (bucket, key) => ({
  bucket,
  key,
}));

/** `repository:tag`. */
export const repositoryTag = worded('repository:tag', /^([^:\s]+):(\S+)$/, (repository, tag) => ({ repository, tag }));

/** Builds what a value stands for; what the library refuses is told at the value's place in the file. */
export function asBuilt<Input, Output>(build: (value: Input) => Output) {
  return v.rawTransform<Input, Output>(({ dataset, addIssue, NEVER }) => {
    try {
      return build(dataset.value);
    } catch (error) {
      addIssue({ message: `is refused: ${(error as Error).message}` });
      return NEVER;
    }
  });
}
