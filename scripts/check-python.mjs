// Python users' own check: the wheel installed where nothing else is, the example app beside its TypeScript twin, every
// Python snippet of the documentation, errors as Python sees them, and a newcomer's first ten minutes.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { newcomerInPython } from './newcomer.mjs';
import { buildWheel, findPython } from './python.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const temporary = mkdtempSync(join(tmpdir(), 'check-python-'));
const env = {
  ...process.env,
  // AWS's template validator is another check's, and costs seconds a process.
  CDK_VALIDATION: 'false',
  JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: process.versions.node.split('.')[0],
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
  PYTHONDONTWRITEBYTECODE: '1',
};
const run = (file, args, options = {}) =>
  execFileSync(file, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
    env: { ...env, ...options.env },
  });

try {
  const skipped = await check();
  if (skipped !== undefined) console.log(`skipped: ${skipped}`);
} catch (error) {
  console.error(error.message, error.stdout ?? '', error.stderr ?? '');
  process.exitCode = 1;
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

/** @returns why nothing could be checked, if so */
async function check() {
  const { command, missing } = findPython();
  if (missing !== undefined) return missing;
  run(command, ['-m', 'venv', join(temporary, 'venv')]);
  const bin = join(temporary, 'venv/bin');
  const python = join(bin, 'python');
  // One small package that the wheel needs: where this fails, nothing can be installed.
  const probe = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', join(temporary, 'probe'), 'publication'];
  if (spawnSync(python, probe, { env }).status !== 0) return 'no Python package index answers';

  const wheel = buildWheel(join(temporary, 'wheel'), { command: python, translated: false });
  run(python, ['-m', 'pip', 'install', '--quiet', '--no-compile', wheel]);

  await sameTemplates(python);
  snippets(python);
  errors(python);
  const folder = join(temporary, 'newcomer');
  mkdirSync(folder);
  newcomerInPython(folder, { bin, env });
}

/** The example app and its TypeScript twin synthesize the same templates, but for metadata of constructs. */
async function sameTemplates(python) {
  const twin = 'dist/python/app.cjs';
  const external = ['aws-cdk-lib', 'constructs', 'cdk-sagemaker-rollouts'];
  const options = { platform: 'node', bundle: true, external, tsconfigRaw: {}, logLevel: 'error' };
  await build({ ...options, entryPoints: ['test/python/app.ts'], outfile: twin });
  const outs = { python: join(temporary, 'python.out'), typescript: join(temporary, 'typescript.out') };
  run(python, ['bin/app.py'], { env: { CDK_OUTDIR: outs.python } });
  run(process.execPath, [twin], { env: { CDK_OUTDIR: outs.typescript } });
  rmSync('dist/python', { recursive: true });
  const templates = readdirSync(outs.typescript).filter((file) => file.endsWith('.template.json'));
  if (templates.length !== 2) throw new Error(`the twin must synthesize two templates, got ${templates.join(', ')}`);
  for (const file of templates) {
    const [a, b] = Object.values(outs).map((out) => comparable(join(out, file)));
    if (a !== b) throw new Error(`${file} must be the same from Python and from TypeScript\n${firstDifference(a, b)}`);
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

/** Every ```python block compiles; one that ends in app.synth() is a whole app, and runs. */
function snippets(python) {
  const pages = ['README.md', ...readdirSync('docs', { recursive: true }).map((file) => join('docs', file))];
  const found = pages
    .filter((page) => page.endsWith('.md'))
    .flatMap((page) =>
      [...readFileSync(page, 'utf8').matchAll(/^```python\n([\s\S]*?)^```$/gm)].map(([, code], i) => ({
        where: `${page}, Python block ${i + 1}`,
        code,
      })),
    );
  mkdirSync(join(temporary, 'snippets'));
  let whole = 0;
  for (const [i, { where, code }] of found.entries()) {
    const file = join(temporary, 'snippets', `snippet_${i}.py`);
    writeFileSync(file, code);
    const complete = /^app\.synth\(\)$/m.test(code);
    const source = `compile(open(${JSON.stringify(file)}).read(), ${JSON.stringify(where)}, 'exec')`;
    run(python, complete ? [file] : ['-c', source], {
      cwd: temporary,
      env: { CDK_OUTDIR: join(temporary, `snippet.${i}`) },
    });
    whole += complete ? 1 : 0;
  }
  if (whole === 0) throw new Error('the documentation must have a Python example that is a whole app');
}

/** What is wrong is said in the words of the library, where a Python user looks. */
function errors(python) {
  const program = `
import aws_cdk as cdk, cdk_sagemaker_rollouts as rollouts

def said(what):
    try:
        what()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "nothing"

print(said(lambda: rollouts.CapacitySize.percent(0)))
print(said(lambda: rollouts.CanaryStrategy(canary_size=rollouts.CapacitySize.percent(10))))
print(said(lambda: rollouts.RollbackAlarm.recommended(error_rate=2)))
`;
  const [size, missing, rate] = run(python, ['-c', program]).split('\n');
  const expected = [
    [size, /percent must be a whole number of at least 1, got 0 \[SizeOutOfRange\]/],
    [missing, /^TypeError: .*missing 1 required keyword-only argument: 'wait_interval'/],
    [rate, /did you mean 0\.02\?/],
  ];
  for (const [text, pattern] of expected) {
    if (!pattern.test(text)) throw new Error(`an error in Python must say ${pattern}, got '${text}'`);
  }
}
