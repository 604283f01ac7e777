// bin/app.py and its TypeScript twin must synthesize the same templates.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

/**
 * Compares both, but for the metadata of constructs.
 *
 * Each runs with the same packages: the twin gets those that Python carries inside, because pip may have found another
 * version of aws-cdk-lib than npm.
 */
export async function sameTemplates(folder, { run, python }) {
  unpackCarried(folder, { run, python });
  const external = ['aws-cdk-lib', 'constructs', 'cdk-sagemaker-rollouts'];
  const options = { platform: 'node', bundle: true, external, tsconfigRaw: {}, logLevel: 'error' };
  const twin = join(folder, 'twin.cjs');
  await build({ ...options, entryPoints: ['test/python/app.ts'], outfile: twin });
  const outs = { python: join(folder, 'python.out'), typescript: join(folder, 'typescript.out') };
  run(python, ['bin/app.py'], { env: { CDK_OUTDIR: outs.python } });
  run(process.execPath, [twin], { env: { CDK_OUTDIR: outs.typescript } });
  const templates = readdirSync(outs.typescript).filter((file) => file.endsWith('.template.json'));
  if (templates.length !== 3) throw new Error(`the twin must synthesize three templates, got ${templates.join(', ')}`);
  for (const file of templates) {
    const [a, b] = Object.values(outs).map((out) => comparable(join(out, file)));
    if (a !== b) throw new Error(`${file} must be the same from Python and from TypeScript\n${firstDifference(a, b)}`);
  }
}

/** Puts the npm packages that Python's packages carry into a node_modules of their own. */
function unpackCarried(folder, { run, python }) {
  const where = run(python, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))']).trim();
  const carried = readdirSync(where, { recursive: true }).filter((file) => file.endsWith('.jsii.tgz'));
  if (carried.length === 0) throw new Error(`${where} must have packages of jsii`);
  for (const file of carried) {
    const unpacked = mkdtempSync(join(folder, 'carried-'));
    run('tar', ['-xzf', join(where, file), '--strip-components=1', '-C', unpacked]);
    const { name } = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8'));
    const target = join(folder, 'node_modules', name);
    mkdirSync(dirname(target), { recursive: true });
    renameSync(unpacked, target);
  }
}

/** A template without what says where its constructs and assets came from. */
function comparable(file) {
  const { Resources, ...rest } = JSON.parse(readFileSync(file, 'utf8'));
  const kept = Object.entries(Resources).filter(([, { Type }]) => Type !== 'AWS::CDK::Metadata');
  const resources = kept.map(([id, { Metadata, ...resource }]) => [id, resource]);
  return JSON.stringify({ ...rest, Conditions: undefined, Resources: Object.fromEntries(resources) }, null, 1);
}

function firstDifference(a, b) {
  const [left, right] = [a.split('\n'), b.split('\n')];
  const line = left.findIndex((text, i) => text !== right[i]);
  return `python:     ${left[line]}\ntypescript: ${right[line]}`;
}
