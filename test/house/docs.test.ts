import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { asModule, snippets } from './snippets';
import { sourceFiles } from './sources';

const FOLDER = 'dist/snippets';

test('every snippet of the documentation compiles', () => {
  const all = snippets();
  expect(all.length).toBeGreaterThan(20);
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  cpSync('test/house/snippet-fixture.ts', join(FOLDER, 'fixture.ts'));
  all.forEach((snippet, i) => {
    writeFileSync(join(FOLDER, `snippet-${i}.ts`), asModule(snippet));
  });
  const tsconfig = {
    extends: '../../tsconfig.json',
    compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
    include: ['.'],
    exclude: [],
  };
  writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify(tsconfig));
  const tsc = ['node_modules/typescript-7/bin/tsc', '-p', FOLDER, '--pretty', 'false'];
  const { stdout } = spawnSync(process.execPath, tsc, { encoding: 'utf8' });
  rmSync(FOLDER, { recursive: true });
  const wrong = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/^.*snippet-(\d+)\.ts\(\d+,\d+\)/, (_, i) => all[Number(i)].where));
  expect(wrong).toEqual([]);
});

test('every link between pages leads somewhere', () => {
  const pages = ['README.md', 'CONTRIBUTING.md', ...sourceFiles(['docs'], '.md')];
  const broken = pages.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
      .map(([, link]) => normalize(join(dirname(page), link)))
      .filter((target) => !existsSync(target))
      .map((target) => `${page}: ${target}`),
  );
  expect(broken).toEqual([]);
});
