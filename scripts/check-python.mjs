// Python users' own check: the wheel installed where nothing else is, the example app beside its TypeScript twin, every
// Python snippet of the documentation run, all of it checked by mypy and pyright, errors as Python sees them, and a
// newcomer's first ten minutes.
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { newcomerInPython } from './newcomer.mjs';
import { buildWheel, findPython } from './python.mjs';
import { writeSnippets } from './python-snippets.mjs';
import { sameTemplates } from './python-twins.mjs';

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
  failed(error);
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

function failed(error) {
  console.error(error.message, error.stdout ?? '', error.stderr ?? '');
  process.exitCode = 1;
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
  run(python, ['-m', 'pip', 'install', '--quiet', '--no-compile', wheel, '-r', 'test/python/requirements.txt']);

  const code = writeSnippets(join(temporary, 'snippets'));
  // Type checkers read the whole of aws-cdk-lib, which takes longest: the others go on meanwhile.
  const done = await Promise.allSettled([types(bin), used(python, bin, code)]);
  for (const { reason } of done) if (reason !== undefined) failed(reason);
}

/** Everything that runs what users write. */
async function used(python, bin, code) {
  const twins = join(temporary, 'twins');
  mkdirSync(twins);
  await sameTemplates(twins, { run, python });
  snippets(python, code);
  errors(python);
  const folder = join(temporary, 'newcomer');
  mkdirSync(folder);
  newcomerInPython(folder, { bin, env });
}

/** What users write is right for both type checkers: apps at their strictest, snippets without the annotations. */
async function types(bin) {
  cpSync('bin/app.py', join(temporary, 'example.py'));
  cpSync('bin/templates/python', join(temporary, 'template'), { recursive: true });
  for (const file of ['given.py', 'run_snippets.py']) cpSync(join('test/python', file), join(temporary, file));
  const strict = ['example.py', 'given.py', 'run_snippets.py', 'template'];
  const config = { pythonVersion: '3.10', venvPath: '.', venv: 'venv', include: [...strict, 'snippets'], strict };
  const execution = { executionEnvironments: [{ root: 'template' }, { root: '.' }] };
  writeFileSync(join(temporary, 'pyrightconfig.json'), JSON.stringify({ ...config, ...execution }));
  const check = promisify(execFile);
  const options = { cwd: temporary, env: { ...env, MYPYPATH: 'template' } };
  await Promise.all([
    check(join(bin, 'pyright'), [], options),
    check(join(bin, 'mypy'), ['--strict', '--python-version', '3.10', ...strict], options),
  ]);
}

/** Every ```python block runs: a whole app by itself, anything else among the names that its reader knows. */
function snippets(python, { apps, pieces }) {
  if (apps.length === 0) throw new Error('the documentation must have a Python example that is a whole app');
  const synth = { PYTHONPATH: 'test/python', CDK_OUTDIR: join(temporary, 'snippets.out') };
  for (const app of apps) run(python, [app], { env: synth });
  run(python, ['test/python/run_snippets.py', ...pieces], { env: synth });
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
