import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of the files under some folders of the repository that end so, sorted; a folder that is not there has none. */
export function sourceFiles(folders: readonly string[], end = '.ts'): string[] {
  return folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith(end) && !file.endsWith('.d.ts'))
        .map((file) => join(folder, file)),
    )
    .sort();
}
