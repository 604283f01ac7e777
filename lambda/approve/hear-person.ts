import { approve } from './approve';
import { closeRetrospective } from './close-retrospective';
import { type PersonEvent, readEvent } from './event';
import type { ApprovePorts } from './ports';
import { resume } from './resume';
import { retry } from './retry';
import { takeBack } from './take-back';

/** What a function URL answers. */
export interface UrlAnswer {
  readonly statusCode: number;
  readonly headers: { readonly 'content-type': 'application/json' };
  readonly body: string;
}

const actions: {
  readonly [A in PersonEvent['action']]: (ports: ApprovePorts, event: PersonEvent) => Promise<string>;
} = { approve, reject: approve, rollback: takeBack, abort: takeBack, resume, retry, closeRetrospective };

/** Who may not do it at all. */
const FORBIDDEN: readonly string[] = ['NotAnApprover', 'OwnRollout'];
/** What is not as it would have to be. An error of any other name is not the person's. */
const REFUSED: readonly string[] = [
  'EventUnreadable',
  'NoRollout',
  'NothingPending',
  'NotHeld',
  'NothingToRetry',
  'NoRetrospective',
  'WhichRetrospective',
  'RolloutUnderWay',
  'RetrospectiveOpen',
  'EndpointForeign',
  'OwnerUnknown',
  'EpochLost',
];

/** Does what a person asks for: IAM has verified who that is before this function was called. */
export const hearPerson =
  (ports: ApprovePorts) =>
  async (input: unknown): Promise<UrlAnswer> => {
    try {
      const event = readEvent(input);
      return answer(200, { schemaVersion: 1, said: await actions[event.action](ports, event) });
    } catch (error) {
      const { name: code, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
      const statusCode = FORBIDDEN.includes(code) ? 403 : REFUSED.includes(code) ? 409 : 500;
      return answer(statusCode, { schemaVersion: 1, code, message });
    }
  };

const answer = (statusCode: number, body: object): UrlAnswer => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
