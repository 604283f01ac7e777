import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Writes a file so that it is there whole or not at all.
 *
 * @throws Error with the path where it cannot be written
 */
export function writeWhole(file: string, text: string): void {
  const draft = join(dirname(file), `.${basename(file)}.${process.pid}`);
  let written = false;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(draft, text);
    written = true;
    renameSync(draft, file);
  } catch (cause) {
    if (written) rmSync(draft, { force: true });
    throw new Error(`${file} must be a file that can be written: ${(cause as Error).message} [CannotWrite]`);
  }
}
