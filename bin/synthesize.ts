import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { App } from 'aws-cdk-lib';
import { FileProblems } from '../rehearsal/file-problems';
import { type ModelFile, readModelFile } from './model-file';
import { ModelStack } from './model-stack';

/** Which models, and which version of each. */
export interface ModelChoice {
  /** Position in each model's list of versions, 1 being the oldest; the newest when left out. */
  readonly version?: number;
  /** Names of models; all of them when left out. */
  readonly models?: readonly string[];
  /** Folder with one YAML file a model; the example models when left out. */
  readonly directory?: string;
}

/**
 * Adds one stack a model to the app. Nothing is added when anything in any file is wrong.
 *
 * @throws FileProblems with all problems of all files
 */
export function addModels(app: App, { version, models, directory = exampleModels() }: ModelChoice = {}): void {
  const files = readModelFiles(directory);
  const chosen = files.filter(({ name }) => models?.includes(name) ?? true);
  const problems = [...wrongNames(files, models), ...wrongVersions(chosen, version)];
  if (problems.length > 0) throw new FileProblems(problems);
  for (const file of chosen) {
    new ModelStack(app, file, file.versions.at(version === undefined ? -1 : version - 1)!);
  }
}

/**
 * Synthesizes the models into a folder, which appears only when it is complete.
 *
 * @returns the folder
 */
export function synthesize(outdir: string, choice: ModelChoice = {}): string {
  const target = resolve(outdir);
  const replaceable =
    !existsSync(target) || existsSync(join(target, 'manifest.json')) || readdirSync(target).length === 0;
  if (!replaceable) throw new FileProblems([`${outdir} must be a folder of synthesized templates, or none yet`]);
  mkdirSync(dirname(target), { recursive: true });
  const draft = mkdtempSync(`${target}.`);
  try {
    const app = new App({ outdir: draft, analyticsReporting: false, builtinCloudFormationValidation: false });
    addModels(app, choice);
    app.synth();
    rmSync(target, { recursive: true, force: true });
    renameSync(draft, target);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return target;
}

function readModelFiles(directory: string): ModelFile[] {
  const names = existsSync(directory)
    ? readdirSync(directory)
        .filter((name) => name.endsWith('.yaml'))
        .sort()
    : [];
  if (names.length === 0) throw new FileProblems([`${directory} must hold the .yaml file of a model, and holds none`]);
  const files: ModelFile[] = [];
  const problems: string[] = [];
  for (const name of names) {
    const path = join(directory, name);
    try {
      files.push(readModelFile(readFileSync(path, 'utf8'), relative(process.cwd(), path)));
    } catch (error) {
      if (!(error instanceof FileProblems)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new FileProblems(problems);
  return files;
}

function wrongNames(files: readonly ModelFile[], asked: readonly string[] = []): string[] {
  const names = files.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  const unknown = asked.filter((name) => !names.includes(name));
  return [
    ...twice.map((name) => `the name '${name}' must be in one file, and is in several`),
    ...unknown.map((name) => `there is no model called '${name}', known are ${names.join(', ')}`),
  ];
}

function wrongVersions(files: readonly ModelFile[], version: number | undefined): string[] {
  if (version === undefined) return [];
  return files
    .filter(({ versions }) => !(Number.isInteger(version) && version >= 1 && version <= versions.length))
    .map(({ name, versions }) => `version must be from 1 to ${versions.length} for '${name}', got ${version}`);
}

/** Found from the package's root, from sources and from dist/ alike. */
function exampleModels(): string {
  let root = __dirname;
  while (!existsSync(join(root, 'package.json'))) root = dirname(root);
  return join(root, 'bin', 'models');
}
