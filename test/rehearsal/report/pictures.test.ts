import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pixelmatch from 'pixelmatch';
import type { Browser, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderHtml } from '../../../rehearsal/report/html';
import { CHROMIUM, launch, open, type View } from './browser';
import { rolledBack, unsafe } from './fixture';

/**
 * What a reader sees first of the report. `npm run report-pictures` draws them anew, after a change that was meant: look at
 * them then.
 */
const FOLDER = join(import.meta.dirname, 'pictures');
const WRITE = process.env['ROLLOUTS_PICTURES'] === 'write';

/** Browsers draw the same text a little differently from version to version: only what the same one drew is compared. */
const madeWith = JSON.parse(readFileSync(join(FOLDER, 'made-with.json'), 'utf8')) as { readonly chromium: string };
const version = CHROMIUM && spawnSync(CHROMIUM, ['--version'], { encoding: 'utf8' }).stdout.match(/\d+/)?.[0];
const missing =
  version === undefined
    ? 'there is no Chromium here'
    : version !== madeWith.chromium && !WRITE
      ? `the pictures are of Chromium ${madeWith.chromium}, here is ${version}`
      : undefined;

/** Pixels that may differ, of half a million and more: a letter has about fifty. */
const TOLERATED = 30;
/** Sixteen levels a colour are enough to see every difference that a reader sees, and a third of the bytes. */
const LEVEL = 17;

const wide = { width: 1280, height: 900 };
const narrow = { width: 390, height: 1300 };
const VIEWS: readonly (readonly [string, Parameters<typeof renderHtml>[0], View])[] = [
  ['rolled-back-wide-light', rolledBack, { ...wide, colorScheme: 'light' }],
  ['rolled-back-wide-dark', rolledBack, { ...wide, colorScheme: 'dark' }],
  ['rolled-back-narrow-light', rolledBack, { ...narrow, colorScheme: 'light' }],
  ['rolled-back-narrow-dark', rolledBack, { ...narrow, colorScheme: 'dark' }],
  ['unsafe-wide-light', unsafe, { width: 1280, height: 660, colorScheme: 'light' }],
  ['unsafe-narrow-dark', unsafe, { width: 390, height: 900, colorScheme: 'dark' }],
];

async function pictureOf(page: Page): Promise<PNG> {
  const picture = PNG.sync.read(await page.screenshot({ animations: 'disabled' }));
  picture.data.forEach((value, i) => {
    picture.data[i] = Math.round(value / LEVEL) * LEVEL;
  });
  return picture;
}

const golden = (name: string) => PNG.sync.read(readFileSync(join(FOLDER, `${name}.png`)));

/** How many pixels a reader would see another colour in; all of them where the size differs. */
const differing = (a: PNG, b: PNG) =>
  a.width === b.width && a.height === b.height
    ? pixelmatch(a.data, b.data, undefined, a.width, a.height, { threshold: 0.05 })
    : a.width * a.height;

describe.skipIf(missing !== undefined)(`pictures of the report${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  }, 60_000);
  afterAll(() => browser?.close());

  test.each(VIEWS)('%s looks as it did', { timeout: 60_000 }, async (name, outcome, view) => {
    const page = await open(browser, renderHtml(outcome), view);
    const drawn = await pictureOf(page);
    await page.close();
    if (WRITE) {
      writeFileSync(
        join(FOLDER, `${name}.png`),
        PNG.sync.write(drawn, { colorType: 2, deflateLevel: 9, deflateStrategy: 0, filterType: 0 }),
      );
      writeFileSync(join(FOLDER, 'made-with.json'), `{ "chromium": "${version}" }\n`);
    }
    const pixels = differing(golden(name), drawn);
    if (pixels > TOLERATED) {
      mkdirSync('dist/pictures', { recursive: true });
      writeFileSync(`dist/pictures/${name}.png`, PNG.sync.write(drawn));
    }
    expect(pixels, `see dist/pictures/${name}.png`).toBeLessThanOrEqual(TOLERATED);
  });

  test.each([
    ['the colour of the ending', '.good .ending{color:var(--good)}', '.good .ending{color:var(--open)}'],
    ['the colour of a line', '--challenger:#1f5fbf', '--challenger:#1f8fbf'],
    ['the shade of a bake', '--bake:#1f5fbf14', '--bake:#1f5fbf28'],
    ['a label moved over another', '>rollback</text>', ' dx="-60" dy="11">rollback</text>'],
    ['a figure', '<dd>1,811</dd>', '<dd>1,871</dd>'],
    ['a space between figures', 'gap:10px', 'gap:12px'],
  ])('fails when one thing changes: %s', { timeout: 60_000 }, async (_what, from, to) => {
    const html = renderHtml(rolledBack);
    expect(html).toContain(from);
    const page = await open(browser, html.replaceAll(from, to), { ...wide, colorScheme: 'light' });
    const pixels = differing(golden('rolled-back-wide-light'), await pictureOf(page));
    await page.close();
    expect(pixels).toBeGreaterThan(TOLERATED);
  });

  test('a reader without a mouse reaches every table, and opens what is folded', { timeout: 60_000 }, async () => {
    const page = await open(browser, renderHtml(unsafe), { ...wide, colorScheme: 'light' });
    const focused = () =>
      page.evaluate<string>(
        'document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent.slice(0, 14)',
      );
    const reached: string[] = [];
    for (let i = 0; i < 7; i++) {
      await page.keyboard.press('Tab');
      reached.push(await focused());
      if (reached.at(-1) === 'all 12 entries') await page.keyboard.press('Enter');
    }
    await page.close();
    const folded = ['all 12 entries', 'every entry'];
    expect(reached).toEqual(['all 24 rows', 'matrix', 'timeline', ...folded, 'verdicts', 'assumptions']);
  });
});

test('every picture is small enough to live in the repository', () => {
  for (const [name] of VIEWS) expect(readFileSync(join(FOLDER, `${name}.png`)).length).toBeLessThan(60_000);
});
