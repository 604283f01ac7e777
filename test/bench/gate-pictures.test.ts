import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { draw } from '../../bench/gates/chart';
import { pictures } from '../../bench/gates/pictures';

describe('the pictures of the gates', () => {
  test('every gate with a page has one', () => {
    const pages = readdirSync('docs/gates').filter((file) => file.endsWith('-gate.md'));
    expect(
      Object.keys(pictures)
        .map((name) => `${name}.md`)
        .sort(),
    ).toEqual(pages.sort());
  });

  test.each(Object.entries(pictures))(
    '%s shows what the rule of today says: node scripts/pictures.mjs',
    (page, picture) => {
      expect(draw(picture())).toBe(readFileSync(`docs/gates/pictures/${page}.svg`, 'utf8'));
    },
  );

  test.each(Object.entries(pictures))('%s: the good model ends in pass, the bad one in fail', (_page, picture) => {
    const [good, bad] = picture().panels;
    expect([good.verdict?.kind, bad.verdict?.kind]).toEqual(['pass', 'fail']);
  });
});
