import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of a pre-bundled handler, found from the package's root: the same from sources and from dist/. */
export function handlerDirectory(job: string): string {
  let root = __dirname;
  while (!existsSync(join(root, 'package.json'))) root = dirname(root);
  return join(root, 'dist', 'lambda', job);
}
