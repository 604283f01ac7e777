import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { devDependencies, peerDependencies, version } from '../../package.json';

/** Languages that a first app can be written in. */
export const LANGUAGES = ['typescript', 'python'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What to type next, by language. */
const NEXT: Readonly<Record<Language, string>> = {
  typescript: 'npm install && npm test',
  python: 'python3 -m venv .venv && . .venv/bin/activate && pip install -r requirements.txt && python -m unittest',
};

/**
 * `rollouts init`: writes a small app with one model, one strategy, one scenario and a test that rehearses it.
 *
 * @param templates folder with a template for each language
 * @returns what to print
 * @throws Error where a file is there already or cannot be written; nothing is left of it then
 */
export function init(directory: string, language: Language, templates: string): string {
  const target = resolve(directory);
  const files = filesOf(join(templates, language), target);
  const taken = Object.keys(files).filter((file) => existsSync(join(target, file)));
  if (taken.length > 0) {
    throw new Error(
      `${directory} must not have what init writes, and has ${taken.join(', ')}; name another folder [AlreadyThere]`,
    );
  }
  writeAll(target, files);
  const here = relative(process.cwd(), target);
  const steps = here === '' ? NEXT[language] : `cd ${here} && ${NEXT[language]}`;
  return `${Object.keys(files)
    .map((file) => `  ${join(here, file)}\n`)
    .join('')}\nNext:\n  ${steps}\n`;
}

/** Path to text, with the blanks of the template filled in. */
function filesOf(template: string, target: string): Readonly<Record<string, string>> {
  const minimum = (range: string) => range.replace('^', '');
  const blanks: Readonly<Record<string, string>> = {
    name: nameOf(target),
    version,
    'aws-cdk': devDependencies['aws-cdk'],
    'aws-cdk-lib': peerDependencies['aws-cdk-lib'],
    'aws-cdk-lib-minimum': minimum(peerDependencies['aws-cdk-lib']),
    constructs: peerDependencies.constructs,
    'constructs-minimum': minimum(peerDependencies.constructs),
  };
  const paths = readdirSync(template, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(template, join(entry.parentPath, entry.name)))
    .sort();
  return Object.fromEntries(
    paths.map((path) => [
      // npm would take a .gitignore in a package for its own.
      path.replace(/^gitignore$/, '.gitignore'),
      readFileSync(join(template, path), 'utf8').replace(/\{\{([\w-]+)\}\}/g, (_, blank: string) => blanks[blank]),
    ]),
  );
}

/** A name that npm takes, from the folder's. */
function nameOf(target: string): string {
  const name = basename(target)
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return name === '' ? 'rollouts-app' : name;
}

/** Writes every file, or none: what was made is taken away again when one fails. */
function writeAll(target: string, files: Readonly<Record<string, string>>): void {
  const made: string[] = [];
  try {
    for (const [path, text] of Object.entries(files)) {
      const file = join(target, path);
      const first = mkdirSync(dirname(file), { recursive: true });
      if (first !== undefined) made.push(first);
      // A file that appears in between is not ours to overwrite.
      writeFileSync(file, text, { flag: 'wx' });
      made.push(file);
    }
  } catch (cause) {
    for (const path of made.reverse()) rmSync(path, { recursive: true, force: true });
    throw new Error(`${target} must be a folder that can be written: ${(cause as Error).message} [CannotWrite]`);
  }
}
