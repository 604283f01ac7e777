import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { renderHtml } from '../../../rehearsal/report/html';
import { promoted, rolledBack, safe, unsafe } from './fixture';

const CHROMIUM = [
  process.env['CHROME_BIN'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== '' && existsSync(path));

/** Runs in the browser: what a reader would stumble over in the report that the frame shows. */
const LOOK = `
const frame = document.querySelector('iframe');
frame.onload = () => {
  const page = frame.contentDocument;
  const found = [];
  if (page.documentElement.scrollWidth > frame.clientWidth) found.push('wider than the window: ' + page.documentElement.scrollWidth);
  const shown = [...page.querySelectorAll('svg')].filter((svg) => svg.getBoundingClientRect().width > 0);
  for (const svg of shown) {
    const texts = [...svg.querySelectorAll('text')].map((text) => [text.textContent, text.getBoundingClientRect()]);
    const edge = svg.getBoundingClientRect();
    texts.forEach(([word, a], i) => {
      if (a.left < edge.left - 1 || a.right > edge.right + 1 || a.top < edge.top - 1) found.push('cut off: ' + word);
      for (const [other, b] of texts.slice(i + 1)) {
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        // Boxes of lines reach beyond their letters by a few points.
        if (wide > 1 && high > 4) found.push(word + ' over ' + other);
      }
    });
  }
  const scrolls = [...page.querySelectorAll('.table')].filter((box) => box.scrollWidth > box.clientWidth && box.tabIndex < 0);
  if (scrolls.length > 0) found.push('a table that scrolls and that no key reaches');
  document.body.textContent = JSON.stringify({ charts: shown.length, found });
};`;

function look(page: string, width: number): { charts: number; found: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'layout-'));
  try {
    const escaped = page.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
    const frame = `<iframe width="${width}" height="900" style="border:0" srcdoc="${escaped}"></iframe>`;
    writeFileSync(join(folder, 'page.html'), `<!doctype html><body>${frame}<script>${LOOK}</script></body>`);
    const flags = ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${folder}/profile`, '--dump-dom'];
    const asked = [...flags, '--virtual-time-budget=5000', '--window-size=1400,1000', `file://${folder}/page.html`];
    const { stdout } = spawnSync(CHROMIUM ?? '', asked, { encoding: 'utf8', timeout: 50_000 });
    const [json] = /\{"charts".*\}/.exec(stdout) ?? [];
    if (json === undefined) throw new Error(`the browser must say what it saw, got '${stdout.slice(0, 300)}'`);
    return JSON.parse(json);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.skipIf(CHROMIUM === undefined)('the report in a browser (skipped where there is no Chromium)', () => {
  const pages = { promoted, rolledBack, safe, unsafe };
  test.each(
    Object.entries(pages).flatMap(([name, outcome]) => [1280, 390].map((width) => [name, width, outcome] as const)),
  )(
    '%s, %i px wide: no label lies over another, nothing is cut off, every scrolling table is reached by key',
    (_name, width, outcome) => {
      const { charts, found } = look(renderHtml(outcome), width);
      expect(found).toEqual([]);
      expect(charts).toBeGreaterThan(0);
    },
  );

  test('fails a page whose labels overlap and that is too wide', () => {
    const svg =
      '<svg width="900" height="50"><text x="10" y="20">one word</text><text x="20" y="22">another</text></svg>';
    expect(look(`<!doctype html><body>${svg}</body>`, 390).found).toEqual([
      expect.stringMatching(/^wider than the window/),
      'one word over another',
    ]);
  });
});
