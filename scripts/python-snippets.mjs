// The Python of the documentation, a file each: `README.md:64` becomes readme_64.py.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync('docs', { recursive: true }).map((file) => `docs/${file}`),
];

/**
 * Writes every ```python block of the documentation into a folder. One that ends in `app.synth()` is a whole app; any
 * other is given the names that a reader has met before (`test/python/given.py`).
 *
 * @returns paths of whole apps, and of the others
 */
export function writeSnippets(folder) {
  mkdirSync(folder, { recursive: true });
  const apps = [];
  const pieces = [];
  for (const page of PAGES.filter((file) => file.endsWith('.md'))) {
    const text = readFileSync(page, 'utf8');
    for (const { 1: code, index } of text.matchAll(/^```python\n([\s\S]*?)^```$/gm)) {
      const line = text.slice(0, index).split('\n').length;
      const name = `${page.replace(/^docs\/|\.md$/g, '').replace(/\W/g, '_')}_${line}.py`.toLowerCase();
      const whole = /^app\.synth\(\)$/m.test(code);
      writeFileSync(join(folder, name), whole ? code : `from given import *\n\n${code}`);
      (whole ? apps : pieces).push(join(folder, name));
    }
  }
  return { apps, pieces };
}
