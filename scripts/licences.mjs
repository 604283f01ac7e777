// The licences of what is bundled into the package, collected from what esbuild says it read.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Licences that let their work be shipped inside of ours, with their text beside it. */
const ALLOWED = new Set(['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT', 'MIT-0']);

/** Folder of the innermost package that a file belongs to; undefined for our own files. */
export function packageFolder(file) {
  const [, folder] = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file) ?? [];
  return folder;
}

/**
 * The page of licences: each text once, and whose it is. Fails on a package whose licence is none of those above.
 *
 * @param files what was read, as in esbuild's metafile
 */
export function licencesOf(files) {
  const folders = [...new Set(files.map(packageFolder))].filter((folder) => folder !== undefined);
  const packages = folders.map(readPackage);
  const wrong = packages.filter(({ licence }) => !ALLOWED.has(licence));
  if (wrong.length > 0) {
    const named = wrong.map(({ title, licence }) => `${title} (${licence})`).join(', ');
    throw new Error(`what is bundled must have one of the licences ${[...ALLOWED].join(', ')}, got ${named}`);
  }
  const byText = new Map();
  for (const { title, licence, text } of packages) {
    byText.set(text, [...(byText.get(text) ?? []), `${title} (${licence})`]);
  }
  const parts = [...byText].map(([text, titles]) => `${[...new Set(titles)].sort().join('\n')}\n\n${text}`).sort();
  const rule = `\n\n${'-'.repeat(80)}\n\n`;
  return `cdk-sagemaker-rollouts carries parts of these packages, under their licences.${rule}${parts.join(rule)}\n`;
}

function readPackage(folder) {
  const { name, version, license, licenses } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const licence = license?.type ?? license ?? licenses?.[0]?.type ?? 'none';
  const files = existsSync(folder) ? readdirSync(folder).sort() : [];
  const own = files.filter((file) => /^(licen[cs]e|notice|copying)(\.|-|$)/i.test(file));
  const texts = own.map((file) => readFileSync(join(folder, file), 'utf8').replace(/\r/g, '').trim());
  // Some packages name a licence and carry no text of it.
  const text = texts.length > 0 ? texts.join('\n\n') : `Licensed under ${licence}; the package carries no text of it.`;
  return { title: `${name} ${version}`, licence, text };
}
