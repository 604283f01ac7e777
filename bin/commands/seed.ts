import { InvalidArgumentError } from 'commander';

/** A seed, as it is typed. */
export const seed = (text: string): number => {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`seed must be a whole number, got '${text}'`);
};
