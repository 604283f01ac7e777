import { Token } from 'aws-cdk-lib';
import type { Problems } from './problems';

/**
 * What a resource may carry, without the one by which the engine knows its own.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Tag.html
 */
const TAGS_MAX = 49;
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Tags that SageMaker would refuse only when it is asked, in the middle of a rollout. */
export function requireTags(problems: Problems, tags: { readonly [name: string]: string } = {}): void {
  const named = Object.entries(tags);
  problems.require(
    named.length <= TAGS_MAX,
    'TooManyTags',
    () => `tags must be at most ${TAGS_MAX}, got ${named.length}`,
  );
  for (const [name, value] of named) {
    problems.require(
      Token.isUnresolved(name) ||
        (name.length >= 1 && name.length <= 128 && TAG_TEXT.test(name) && !/^aws:/i.test(name)),
      'TagName',
      () =>
        `a tag must be called by 1 to 128 letters, digits, spaces and _.:/=+-@, and not begin with aws:, got '${name}'`,
    );
    problems.require(
      typeof value === 'string' && (Token.isUnresolved(value) || (value.length <= 256 && TAG_TEXT.test(value))),
      'TagValue',
      () => `tag '${name}' must be at most 256 letters, digits, spaces and _.:/=+-@, got '${value}'`,
    );
  }
}
