import type { MatrixOutcome, Outcome } from '../outcome';
import type { Expectation } from '../scenario';
import { unexpected } from '../unexpected';
import { count, duration, ending, many, share } from './words';

/** What a report says of a rehearsal, before any of its pictures. */
export interface Story {
  /** What this is and what it is not: always the first line. */
  readonly nature: string;
  /** The endpoint, and how it ended: `rolled back`, `promoted, but not in every row`. */
  readonly endpoint: string;
  readonly ending: string;
  /** Whether the deployment ended with the version serving that should serve, in every row. */
  readonly tone: 'good' | 'bad' | 'open';
  /** What was deployed, how. */
  readonly what: string;
  /** What happened and when, one sentence each. */
  readonly sentences: readonly string[];
  /** Whether callers were hurt. */
  readonly harm: string;
}

/** A rehearsal's outcome, alone or over the knob matrix. */
export type Rehearsed = Outcome | MatrixOutcome;

export const isMatrix = (rehearsed: Rehearsed): rehearsed is MatrixOutcome => 'baseline' in rehearsed;

/** The row that is told in full: the one with every knob at its default. */
export const told = (rehearsed: Rehearsed): Outcome => (isMatrix(rehearsed) ? rehearsed.baseline : rehearsed);

/** Tells a rehearsal to a person: the words that the terminal and the HTML report share. */
export function story(rehearsed: Rehearsed, expectation?: Expectation): Story {
  const outcome = told(rehearsed);
  const rows = isMatrix(rehearsed) ? rehearsed.rows : 1;
  return {
    nature: `simulated AWS, ${many(rows, 'knob row')}, not compared with an account`,
    endpoint: outcome.endpoint,
    ending: `${ending(outcome.outcome).toLowerCase()}${isMatrix(rehearsed) && rehearsed.failures.length > 0 ? ', but not as expected in every row' : ''}`,
    tone: toneOf(rehearsed, expectation),
    what: `${outcome.strategy} of stack ${outcome.stack}, scenario ${outcome.scenario}, seed ${outcome.seed}`,
    sentences: [
      `${sentence(outcome.reason)} ${served(outcome)}, ${duration(outcome.totalSeconds)} after the deployment began.`,
      ...onset(outcome),
      ...outcome.violations.map((broken) => `Broken: ${broken}.`),
      ...(expectation === undefined
        ? []
        : unexpected(outcome, expectation).map((what) => `Not as the scenario expects: ${what}.`)),
      ...(isMatrix(rehearsed) ? [matrixSentence(rehearsed, expectation)] : []),
    ],
    harm: harm(outcome),
  };
}

const served = ({ servedConfig }: Outcome) =>
  ({
    champion: 'At the end the old version serves',
    challenger: 'At the end the new version serves',
    mixed: 'At the end a mix of both versions serves',
    none: 'At the end nothing serves',
  })[servedConfig];

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`;

function toneOf(rehearsed: Rehearsed, expectation: Expectation | undefined): Story['tone'] {
  if (isMatrix(rehearsed) && !(rehearsed.safe && rehearsed.failures.length === 0)) return 'bad';
  const { outcome, servedConfig, violations } = told(rehearsed);
  if (violations.length > 0) return 'bad';
  if (expectation !== undefined && unexpected(told(rehearsed), expectation).length > 0) return 'bad';
  if (outcome === 'promoted' && servedConfig === 'challenger') return 'good';
  if (outcome === 'rolledBack' && servedConfig === 'champion') return 'good';
  return outcome === 'held' || outcome === 'aborted' ? 'open' : 'bad';
}

function onset(outcome: Outcome): string[] {
  const { onsetSeconds, detectSeconds, decideSeconds, restoreSeconds } = outcome;
  if (onsetSeconds === null) return ['The new version gave no bad response that the old one would not have given.'];
  const first = `The first bad response of the new version came after ${duration(onsetSeconds)}`;
  if (detectSeconds === null) return [`${first}; nothing reported it.`];
  const found = `${first}, was seen ${duration(detectSeconds)} later`;
  if (decideSeconds === null || restoreSeconds === null) return [`${found}, and nothing took the version back.`];
  return [
    `${found}, the rollback began ${duration(decideSeconds)} after it, and ${duration(restoreSeconds)} later no caller reached the new version.`,
  ];
}

function harm({ badRequests, slowRequests, requests }: Outcome): string {
  const all = many(requests, 'request');
  if (badRequests === 0 && slowRequests === 0) return `None of ${all} failed or was slow because of the new version.`;
  const hurt = [
    ...(badRequests > 0 ? [`${count(badRequests)} failed (${share(badRequests, requests)})`] : []),
    ...(slowRequests > 0 ? [`${count(slowRequests)} were slow (${share(slowRequests, requests)})`] : []),
  ];
  return `Of ${all}, ${hurt.join(' and ')} because of the new version.`;
}

/** A scenario with a good version can show that a strategy is live, one with a bad version that it is safe. */
function matrixSentence({ rows, safe, live, failures, baseline }: MatrixOutcome, expectation?: Expectation): string {
  const good = (expectation ?? baseline).outcome === 'promoted';
  const shown = good
    ? live
      ? 'live: the good version is promoted in every row that allows it'
      : 'not live: the good version is not promoted in some row'
    : safe
      ? 'safe: the bad version ends serving in no row'
      : 'not safe: the bad version ends serving in some row';
  const as =
    failures.length === 0
      ? `All ${many(rows, 'row')} ended as the scenario expects`
      : `${count(failures.length)} of ${many(rows, 'row')} did not end as the scenario expects`;
  return `${as} (${shown}).`;
}
