import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of this package, found from one inside it: the same from sources and from dist/. */
export function packageRoot(inside: string): string {
  let root = inside;
  while (!existsSync(join(root, 'package.json'))) root = dirname(root);
  return root;
}
