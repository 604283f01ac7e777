import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
// @ts-expect-error a script without declarations
import { licencesOf } from '../../scripts/licences.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'licences-'));
  return () => rmSync(folder, { recursive: true, force: true });
});

/** A file of an installed package. */
function installed(name: string, license: string, text?: string): string {
  const home = join(folder, 'node_modules', name);
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), JSON.stringify({ name, version: '1.2.3', license }));
  if (text !== undefined) writeFileSync(join(home, 'LICENSE.md'), text);
  return join(home, 'index.js');
}

describe('the licences of what is bundled', () => {
  test('are told once a text, with everybody whose it is, and our own files have none', () => {
    const page = licencesOf([
      installed('one', 'MIT', 'the text'),
      installed('@scope/two', 'MIT', 'the text'),
      installed('three', 'ISC'),
      'lib/index.ts',
    ]);
    expect(page).toContain('@scope/two 1.2.3 (MIT)\none 1.2.3 (MIT)\n\nthe text\n');
    expect(page.match(/the text/g)).toHaveLength(1);
    expect(page).toContain('three 1.2.3 (ISC)\n\nLicensed under ISC; the package carries no text of it.');
    expect(page).not.toContain('lib/index.ts');
  });

  test.each(['GPL-3.0', 'UNLICENSED', 'SEE LICENSE IN x', ''])('fails a package under %j', (license) => {
    expect(() => licencesOf([installed('one', license)])).toThrow(/must have one of the licences .* got one 1\.2\.3/);
  });
});
