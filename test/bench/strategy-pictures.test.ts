import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { draw } from '../../bench/gates/chart';
import { pictureOf } from '../../bench/strategies/pictures';
import { stories } from '../../bench/strategies/stories';

describe('the pictures of the strategies', () => {
  test('every strategy with a page has one, and shows it', () => {
    const pages = readdirSync('docs/strategies').filter((file) => file.endsWith('-strategy.md'));
    expect(
      Object.keys(stories)
        .map((name) => `${name}.md`)
        .sort(),
    ).toEqual(pages.sort());
    for (const page of pages) {
      const picture = page.replace('.md', '.svg');
      expect(readFileSync(`docs/strategies/${page}`, 'utf8')).toContain(`(pictures/${picture})`);
    }
  });

  test.each(Object.entries(stories))(
    '%s: promotes the good version, takes the bad one back, and is drawn as a rehearsal of today: node scripts/pictures.mjs',
    async (page, story) => {
      // It throws where the bad one is not taken back.
      const picture = await pictureOf(story);
      expect(picture.panels.map(({ verdict }) => verdict?.said)).toEqual(['promoted', 'taken back']);
      expect(draw(picture)).toBe(readFileSync(`docs/strategies/pictures/${page}.svg`, 'utf8'));
    },
  );
});
