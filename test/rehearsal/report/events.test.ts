import { describe, expect, test } from 'vitest';
import { toldOf } from '../../../rehearsal/report/events';
import { renderHtml } from '../../../rehearsal/report/html';
import { renderTerminal } from '../../../rehearsal/report/terminal';
import { rolledBack } from './fixture';

const refused = (atSeconds: number) => ({
  atSeconds,
  source: 's3',
  event: 'CallRefused',
  detail: 's3:GetObject NoSuchKey: The specified key does not exist.',
  challengerPercent: 0,
});
const created = { ...refused(50), event: 'ResourceCreating', detail: 'Alarm (AWS::CloudWatch::Alarm)' };
const timeline = [refused(60), refused(120), created, refused(3725), { ...refused(4000), challengerPercent: 5 }];

describe('what of a timeline is told', () => {
  test('what is repeated is told once, with how often and until when', () => {
    expect(toldOf(timeline)).toEqual([
      { ...refused(60), times: 3, untilSeconds: 3725 },
      { ...refused(4000), challengerPercent: 5, times: 1, untilSeconds: 4000 },
    ]);
  });

  test('the terminal and the page say it in the same words', () => {
    const outcome = { ...rolledBack, timeline };
    const said = '(3 times, until 01:02:05)';
    expect(renderTerminal(outcome).replace(/\s+/g, ' ')).toContain(`does not exist. ${said}`);
    expect(renderTerminal(outcome)).toContain('\n1 more in the JSON and on the page');
    expect(renderHtml(outcome)).toContain(`does not exist. ${said}`);
  });

  test('the page has every entry, folded away', () => {
    const [told, every] = renderHtml({ ...rolledBack, timeline }).split('<details><summary>all 5 entries');
    expect(told).not.toContain('ResourceCreating');
    expect(told.match(/CallRefused/g)).toHaveLength(2);
    expect(every).toContain('ResourceCreating');
    expect(every.match(/CallRefused/g)).toHaveLength(4);
  });
});

describe('details in a terminal', () => {
  const shown = (detail: string) =>
    renderTerminal({ ...rolledBack, timeline: [{ ...refused(0), detail }] })
      .split('CallRefused')[1]
      .replace(/\s+/g, ' ')
      .trim();

  test('the data points of an alarm are for the page', () => {
    const alarm = 'fraud-ErrorRate: OK to ALARM. 2 of the last 5 data points [0.0014, 2.9e-1, 0.3] breach 0.02';
    expect(shown(alarm)).toBe('fraud-ErrorRate: OK to ALARM. 2 of the last 5 data points breach 0.02');
  });

  test('what is too long ends behind a whole word', () => {
    const words = Array.from({ length: 60 }, (_, i) => `word${i}`);
    const text = shown(words.join(' '));
    expect(text).toMatch(/^word0 word1 .* …$/);
    for (const word of text.replace(/ …$/, '').split(' ')) expect(words).toContain(word);
    expect(shown(words.slice(0, 10).join(' '))).toBe(words.slice(0, 10).join(' '));
  });
});

test('no name of an event is cut off in 80 columns', () => {
  const long = { ...refused(0), event: 'WeightsUpdateFinished', detail: 'fraud is InService' };
  expect(renderTerminal({ ...rolledBack, timeline: [long] })).toContain('WeightsUpdateFinished fraud is InService');
});
