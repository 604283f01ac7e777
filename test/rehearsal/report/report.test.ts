import { describe, expect, test } from 'vitest';
import { renderHtml } from '../../../rehearsal/report/html';
import { story } from '../../../rehearsal/report/story';
import { renderTerminal } from '../../../rehearsal/report/terminal';
import { clockTime, duration, share } from '../../../rehearsal/report/words';
import { promoted, rolledBack, safe, unsafe } from './fixture';

const NATURE = 'simulated AWS, 24 knob rows, not compared with an account';

describe('words', () => {
  test.each([
    [0, '0s'],
    [59.6, '1m'],
    [60, '1m'],
    [200, '3m20s'],
    [3600, '1h00m'],
    [7500, '2h05m'],
    [273_600, '3d4h'],
  ])('%d seconds are %s', (seconds, text) => expect(duration(seconds)).toBe(text));

  test('what did not happen is a dash', () => expect(duration(null)).toBe('–'));
  test('a moment is hours, minutes, seconds', () => expect(clockTime(3725)).toBe('01:02:05'));

  test('a share that is not zero never reads as zero', () => {
    expect(share(1, 1_000_000)).toBe('< 0.01 %');
    expect(share(0, 1_000_000)).toBe('0 %');
    expect(share(0, 0)).toBe('0 %');
    expect(share(3, 10)).toBe('30 %');
  });
});

describe('story', () => {
  test('a bad version that serves is bad, whatever the deployment says', () => {
    expect(story(promoted).tone).toBe('good');
    expect(story(promoted, { outcome: 'rolledBack' }).tone).toBe('bad');
  });

  test('one row that fails makes the whole matrix bad, though the baseline is good', () => {
    expect(story(safe).tone).toBe('good');
    expect(story(unsafe).tone).toBe('bad');
    expect(story(unsafe).ending).toBe('rolled back, but not as expected in every row');
  });

  test('who was hurt is a count and a share', () => {
    expect(story(rolledBack).harm).toBe('Of 70,000 requests, 1,811 failed (2.6 %) because of the new version.');
    expect(story(promoted).harm).toBe('None of 70,000 requests failed or was slow because of the new version.');
  });

  test('a broken invariant is bad and is said', () => {
    const broken = { ...rolledBack, violations: ['the served config Config-1 was deleted'] };
    expect(story(broken).tone).toBe('bad');
    expect(story(broken).sentences).toContain('Broken: the served config Config-1 was deleted.');
  });

  test('what nothing reported is said', () => {
    expect(story({ ...rolledBack, detectSeconds: null }).sentences[1]).toMatch(/nothing reported it/);
  });
});

describe('terminal report', () => {
  test('its first line says what it is', () => expect(renderTerminal(safe).split('\n')[0]).toBe(NATURE));

  test('no line is wider than 80 columns, and none has colours unless asked for', () => {
    for (const outcome of [rolledBack, promoted, safe, unsafe]) {
      const text = renderTerminal(outcome);
      expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
      expect(text).not.toContain('\u001b');
      expect(renderTerminal(outcome, { colors: true })).toContain('\u001b');
    }
  });

  test('names the setting that decides a failing row', () => {
    expect(renderTerminal(unsafe)).toContain('metricLagSeconds = 300');
    expect(renderTerminal(safe)).not.toContain('metricLagSeconds');
  });

  test('has every entry of the timeline', () => {
    for (const { event } of rolledBack.timeline) expect(renderTerminal(rolledBack)).toContain(event);
  });
});

describe('HTML report', () => {
  test('says what it is before anything else', () => {
    const body = renderHtml(safe).split('<body')[1];
    expect(body.match(/<p[^>]*>([^<]*)</)?.[1]).toBe(`${NATURE.charAt(0).toUpperCase()}${NATURE.slice(1)}.`);
  });

  test('loads nothing and runs nothing', () => {
    const page = renderHtml(unsafe);
    expect(page).not.toMatch(/<script|<link|<img|@import|url\((?!#)|src=/);
    expect(page.match(/https?:\/\/[^"\s<]+/g)?.filter((url) => !/^http:\/\/www\.w3\.org\//.test(url))).toEqual([]);
  });

  test('is the same bytes for the same outcome', () => expect(renderHtml(unsafe)).toBe(renderHtml(unsafe)));

  test('escapes what people have named', () => {
    const page = renderHtml({ ...rolledBack, stack: '<script>alert(1)</script>' });
    expect(page).toContain('&lt;script&gt;');
    expect(page).not.toContain('<script>');
  });

  test('draws share, error rate and latency, each for a wide and a narrow page, in the colours of the page', () => {
    const page = renderHtml(rolledBack);
    expect(page.match(/<svg/g)).toHaveLength(6);
    expect(page).toContain('var(--challenger)');
    expect(page).not.toMatch(/#0[1-6]0[1-6]0[1-6]/);
    expect(renderHtml({ ...rolledBack, samples: [] }).match(/<svg/g)).toHaveLength(2);
  });

  test('lists failing rows with what is unusual about them', () => {
    expect(renderHtml(unsafe)).toContain('<code>metricLagSeconds = 300, configMetrics = never</code>');
    expect(renderHtml(unsafe)).toContain('<li><code>metricLagSeconds = 300</code>: 1 row</li>');
    expect(renderHtml(unsafe).match(/<tr class="(pass|fail)"/g)).toHaveLength(24);
    expect(renderHtml(safe)).not.toContain('<tr class="fail"');
  });
});
