import type { Fetched } from '../../decision';
import { namedError } from './named-error';

/** An answer that says no for good; what passes by itself is thrown on, and asked again. */
export function refusal(error: unknown, missing: string): Fetched {
  if (!(error instanceof Error)) throw error;
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  if (error.name === missing || status === 404) return { kind: 'missing' };
  if (status === 403 || error.name.startsWith('AccessDenied')) return { kind: 'unreadable', why: error.message };
  // An answer to HEAD has no body that could say more than its status, and then the error has no name of its own.
  if (!/Exception$|Error$|Unavailable$/.test(error.name) || error.name === 'UnknownError') {
    throw namedError('ServiceUnavailable', `AWS answered with status ${status}`, error);
  }
  throw error;
}
