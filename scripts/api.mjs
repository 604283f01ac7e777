// Writes API.md, every public symbol and its documentation, from what jsii compiled: `npm run docs`. With --check it writes
// nothing, and fails where the page would change. Needs a build.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), 'api-'));
try {
  // A draft elsewhere: what fails half-way leaves the committed page as it was.
  const draft = join(folder, 'API.md');
  execFileSync(process.execPath, ['node_modules/jsii-docgen/bin/jsii-docgen', '--output', draft], { stdio: 'pipe' });
  const wanted = readFileSync(draft, 'utf8');
  if (!process.argv.includes('--check')) {
    writeFileSync('API.md', wanted);
  } else if (readFileSync('API.md', 'utf8') !== wanted) {
    console.error('API.md must tell the public API as it is now, and tells another: npm run docs');
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
