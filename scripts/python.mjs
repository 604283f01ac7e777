// Builds the Python package from exactly what npm would publish: `npm run python` leaves the wheel in pkg/python.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
// jsii warns in a banner of Node versions it has left behind; the library still supports them.
const env = { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: process.versions.node.split('.')[0] };
const run = (file, args, cwd = root) =>
  execFileSync(file, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const tool = (path, ...args) => run(process.execPath, [join(root, 'node_modules', path), ...args]);

/** The Python that can run the package (3.10 or later, with venv), or why there is none. */
export function findPython() {
  for (const command of ['python3', 'python']) {
    const { status, stdout } = spawnSync(command, ['-c', 'import sys, venv, ensurepip; print(*sys.version_info[:2])'], {
      encoding: 'utf8',
    });
    if (status !== 0) continue;
    const [major, minor] = stdout.split(' ').map(Number);
    if (major === 3 && minor >= 10) return { command };
  }
  return { missing: 'there is no Python 3.10 or later with venv' };
}

/**
 * Generates the Python package into a folder, as source.
 *
 * @param translated whether the TypeScript examples in docstrings and README become Python; it takes half a minute
 */
function generatePython(outdir, { translated }) {
  const stage = mkdtempSync(join(tmpdir(), 'rollouts-python-'));
  try {
    run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', stage]);
    const tarball = readdirSync(stage).find((file) => file.endsWith('.tgz'));
    run('tar', ['-xzf', tarball, '--strip-components=1'], stage);
    rmSync(join(stage, tarball));
    symlinkSync(join(root, 'node_modules'), join(stage, 'node_modules'));
    const examples = [];
    if (translated) {
      cpSync(join(root, 'scripts/example.ts-fixture'), join(stage, 'rosetta/default.ts-fixture'));
      const tablet = join(stage, 'rosetta/tablet.json');
      // An example that needs more than the fixture has is translated all the same, and says so.
      tool('jsii-rosetta/bin/jsii-rosetta', 'extract', stage, '--directory', stage, '--cache-to', tablet);
      examples.push('--rosetta-tablet', tablet);
    }
    const pacmak = ['--code-only', '--target', 'python', '--no-npmignore', '--rosetta-unknown-snippets', 'verbatim'];
    tool('jsii-pacmak/bin/jsii-pacmak', ...pacmak, ...examples, '--outdir', join(stage, 'pkg'), stage);
    cpSync(join(stage, 'pkg/python'), outdir, { recursive: true });
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** Builds the wheel into a folder, and says where it is. */
export function buildWheel(outdir, { command, translated }) {
  const source = mkdtempSync(join(tmpdir(), 'rollouts-wheel-'));
  try {
    generatePython(source, { translated });
    rmSync(outdir, { recursive: true, force: true });
    run(command, ['-m', 'pip', 'wheel', '--quiet', '--no-deps', '--wheel-dir', outdir, source]);
    return join(
      outdir,
      readdirSync(outdir).find((file) => file.endsWith('.whl')),
    );
  } finally {
    rmSync(source, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { command, missing } = findPython();
  if (missing === undefined) {
    console.log(relative(process.cwd(), buildWheel(join(root, 'pkg/python'), { command, translated: true })));
  } else {
    console.error(`a wheel needs Python, and ${missing}`);
    process.exitCode = 1;
  }
}
