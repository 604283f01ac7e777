import { Token } from 'aws-cdk-lib';

/** CloudFormation writes names small, SageMaker's API large; their acronyms differ in one word. */
export function inApiWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inApiWords);
  if (value === null || typeof value !== 'object' || Token.isUnresolved(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([name, inner]) => [API_WORDS[name] ?? name[0].toUpperCase() + name.slice(1), inApiWords(inner)]),
  );
}

const API_WORDS: { readonly [name: string]: string } = { volumeSizeInGb: 'VolumeSizeInGB' };
