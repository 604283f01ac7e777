import { existsSync, readFileSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

/** The Chromium of this machine, if it has one. */
export const CHROMIUM = [
  process.env['CHROME_BIN'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== '' && existsSync(path));

/** A browser that draws the same on every machine, as far as flags can see to it; it asks nothing of the network. */
export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-lcd-text',
      '--font-render-hinting=none',
      '--force-color-profile=srgb',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

const FONT = readFileSync('node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2', 'base64');

/** Machines have different fonts: for pictures, the page has one that comes with the tests. */
export const FONT_STYLE = `
@font-face{font-family:Pictures;font-weight:100 900;src:url(data:font/woff2;base64,${FONT}) format('woff2')}
*{font-family:Pictures!important}`;

/** How a page is looked at. */
export interface View {
  readonly width: number;
  readonly height: number;
  readonly colorScheme: 'light' | 'dark';
}

/** Opens a page as a reader would see it, with the font of the tests. */
export async function open(browser: Browser, html: string, { width, height, colorScheme }: View): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
  await page.setContent(html.replace('</head>', `<style>${FONT_STYLE}</style></head>`));
  await page.evaluate('document.fonts.ready');
  return page;
}
