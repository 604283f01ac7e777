// A newcomer's path with Node alone: what npm would publish, in an empty folder, with everything else from the registry.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newcomerInTypeScript } from './newcomer.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const temporary = mkdtempSync(join(tmpdir(), 'first-use-'));
const env = {
  ...process.env,
  // AWS's template validator is another check's, and costs seconds a process.
  CDK_VALIDATION: 'false',
  JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: process.versions.node.split('.')[0],
  NO_COLOR: '1',
};
try {
  if (spawnSync('npm', ['view', 'tsx', 'version'], { env }).status !== 0) {
    console.log('skipped: no npm registry answers');
  } else {
    execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', temporary], { cwd: root });
    const tarball = join(
      temporary,
      readdirSync(temporary).find((file) => file.endsWith('.tgz')),
    );
    const folder = join(temporary, 'empty');
    mkdirSync(folder);
    execFileSync('tar', ['-xzf', tarball, '-C', temporary]);
    newcomerInTypeScript(folder, { cli: join(temporary, 'package/dist/bin/rollouts.js'), tarball, env });
  }
} catch (error) {
  console.error(error.message, error.stdout ?? '', error.stderr ?? '');
  process.exitCode = 1;
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
