import type { Outcome } from '../../rehearsal';
import { sharesOf } from '../../rehearsal/report/marks';
import { duration } from '../../rehearsal/report/words';
import type { Panel, Picture } from '../gates/chart';
import { type Story, told } from './stories';

const MINUTE = 60;
const HOUR = 3600;

/** The picture of a strategy: the new version's share over time, of a good and of a bad one. */
export async function pictureOf(story: Story): Promise<Picture> {
  const [good, bad] = await told(story);
  const long = good.totalSeconds > 4 * HOUR;
  const unit = long ? HOUR : MINUTE;
  return {
    xName: long ? 'hours' : 'minutes',
    yName: '% of traffic',
    yMin: 0,
    yMax: 100,
    // Room for the word at the end of the good one.
    xMax: Math.ceil((1.15 * good.totalSeconds) / unit / 10) * 10,
    panels: [panel('good', good, unit), panel(story.words, bad, unit)],
  };
}

function panel(version: string, outcome: Outcome, unit: number): Panel {
  const end =
    outcome.outcome === 'promoted'
      ? `promoted after ${duration(outcome.totalSeconds)}`
      : `${outcome.badRequests.toLocaleString('en-US')} bad answers`;
  return {
    title: `${version}: ${end}`,
    lines: [{ name: 'share of the new version', points: corners(outcome).map(([at, share]) => [at / unit, share]) }],
    verdict:
      outcome.outcome === 'promoted'
        ? { at: outcome.totalSeconds / unit, kind: 'pass', said: 'promoted' }
        : { at: rollbackAt(outcome) / unit, kind: 'fail', said: 'taken back' },
  };
}

/** When the rollback began. A story without one must not be drawn as if it had. */
function rollbackAt({ outcome, onsetSeconds, decideSeconds }: Outcome): number {
  if (outcome !== 'rolledBack' || onsetSeconds === null || decideSeconds === null) {
    throw new Error(`the bad version must be taken back, and was ${outcome}`);
  }
  return onsetSeconds + decideSeconds;
}

/** A share holds until the next one: both ends of each step. */
function corners(outcome: Outcome): [number, number][] {
  const steps = sharesOf(outcome);
  return steps.flatMap(([at, share], i) =>
    i === 0 ? [[at, share] as [number, number]] : [[at, steps[i - 1][1]] as [number, number], [at, share]],
  );
}
