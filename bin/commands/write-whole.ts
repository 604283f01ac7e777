import { lstatSync, mkdirSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Writes a file so that it is there whole or not at all.
 *
 * @throws Error with the path where it cannot be written
 */
export function writeWhole(file: string, text: string): void {
  let draft: string | undefined;
  try {
    mkdirSync(dirname(file), { recursive: true });
    const target = targetOf(file);
    if (target === undefined) {
      writeFileSync(file, text);
      return;
    }
    draft = join(dirname(target), `.${basename(target)}.${process.pid}`);
    writeFileSync(draft, text);
    renameSync(draft, target);
  } catch (cause) {
    if (draft !== undefined) rmSync(draft, { force: true });
    throw new Error(`${file} must be a file that can be written: ${(cause as Error).message} [CannotWrite]`);
  }
}

/**
 * The file that a draft may take the place of: where a link leads to. Undefined for what is no file, such as a pipe or
 * `/dev/null`: a draft in its place would be the end of it for everybody on the machine.
 */
function targetOf(file: string): string | undefined {
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return file;
  const target = realpathSync(file);
  return lstatSync(target).isFile() ? target : undefined;
}
