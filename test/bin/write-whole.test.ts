import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeWhole } from '../../bin/commands/write-whole';

const folder = () => mkdtempSync(join(tmpdir(), 'write-whole-'));

test('a link stays one, and the file that it leads to is written', () => {
  const home = folder();
  const file = join(home, 'file.html');
  const link = join(home, 'link.html');
  writeFileSync(file, 'before');
  symlinkSync(file, link);
  writeWhole(link, 'after');
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(file, 'utf8')).toBe('after');
  expect(readdirSync(home).sort()).toEqual(['file.html', 'link.html']);
});

test.skipIf(process.platform === 'win32')('a pipe stays one, and its reader gets the text', () => {
  const home = folder();
  const pipe = join(home, 'pipe');
  execFileSync('mkfifo', [pipe]);
  // Open for both, so that neither side waits for the other.
  const reader = openSync(pipe, constants.O_RDWR);
  try {
    writeWhole(pipe, 'text');
    const buffer = Buffer.alloc(16);
    expect(lstatSync(pipe).isFIFO()).toBe(true);
    expect(buffer.toString('utf8', 0, readSync(reader, buffer))).toBe('text');
  } finally {
    closeSync(reader);
  }
});

test('a folder is refused, and no draft is left behind', () => {
  const home = folder();
  mkdirSync(join(home, 'taken'));
  expect(() => writeWhole(join(home, 'taken'), 'text')).toThrow(
    /taken must be a file that can be written: .*\[CannotWrite\]/,
  );
  expect(readdirSync(home)).toEqual(['taken']);
});
