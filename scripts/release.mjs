// Releases the version in package.json. Without --publish it is a rehearsal of that: everything is checked, nothing leaves
// the machine. What it publishes carries npm's provenance, so it publishes from CI alone.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const publish = process.argv.includes('--publish');

/**
 * Everything that keeps a version from being released.
 *
 * @param facts version, the changelog, `git status --porcelain`, the tags, and whether npm can attest where this runs
 */
export function obstacles({ version, changelog, status, tags, attestable }) {
  const found = [];
  if (!/^\d+\.\d+\.\d+(-[0-9a-z.-]+)?$/.test(version)) found.push(`version must be semantic, got '${version}'`);
  if (status !== '') found.push(`everything must be committed, and this is not:\n${status}`);
  const heading = changelog.split('\n').find((line) => line.startsWith(`## ${version}`));
  if (heading === undefined) found.push(`CHANGELOG.md must have a heading '## ${version} (date)', and has none`);
  else if (!/^## \S+ \(\d{4}-\d\d-\d\d\)$/.test(heading)) found.push(`'${heading}' must end in its date (2026-01-31)`);
  if (tags.includes(`v${version}`)) found.push(`version must be new, and there is a tag v${version}`);
  if (!attestable) found.push('it must be published from CI, where npm can attest what it was built from');
  return found;
}

/** The tag of the last release; undefined before the first. Tags are the newest first. */
export const lastRelease = (tags) => tags.find((tag) => /^v\d+\.\d+\.\d+$/.test(tag));

/** The API may break in a new major version, and before 1.0.0 in a new minor one. */
export function mayBreak(version, last) {
  const [major, minor] = version.split('.').map(Number);
  const [lastMajor, lastMinor] = last.slice(1).split('.').map(Number);
  return major > lastMajor || (major === 0 && lastMajor === 0 && minor > lastMinor);
}

function run(file, args) {
  const { status, stdout, stderr } = spawnSync(file, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${file} ${args.join(' ')} failed:\n${stdout}${stderr}`);
  return stdout.trim();
}

/** What jsii-diff says of the API since the last release; it fails where that breaks. */
function compareApi(last) {
  const folder = mkdtempSync(join(tmpdir(), 'release-'));
  try {
    run('git', ['worktree', 'add', '--detach', folder, last]);
    run('npm', ['--prefix', folder, 'ci', '--prefer-offline']);
    run('npm', ['--prefix', folder, 'run', 'build']);
    run('npx', ['--yes', 'jsii-diff@1', folder, '.']);
  } finally {
    spawnSync('git', ['worktree', 'remove', '--force', folder]);
    rmSync(folder, { recursive: true, force: true });
  }
}

function release() {
  process.chdir(fileURLToPath(new URL('..', import.meta.url)));
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const tags = run('git', ['tag', '--sort=-version:refname', '--list', 'v*']).split('\n');
  const facts = {
    version,
    tags,
    changelog: readFileSync('CHANGELOG.md', 'utf8'),
    status: run('git', ['status', '--porcelain']),
    // GitHub's and GitLab's words for a job that may ask for a signed identity.
    attestable: (process.env.ACTIONS_ID_TOKEN_REQUEST_URL ?? process.env.SIGSTORE_ID_TOKEN) !== undefined,
  };
  const found = obstacles(facts);
  for (const obstacle of found) console.error(`- ${obstacle}`);
  if (publish && found.length > 0) throw new Error(`nothing was published: ${found.length} obstacles`);
  const last = lastRelease(tags);
  run('npm', ['run', 'build']);
  if (last !== undefined && !mayBreak(version, last)) compareApi(last);
  run('npm', ['publish', '--access', 'public', ...(publish ? ['--provenance'] : ['--dry-run'])]);
  console.log(publish ? `published ${version}; now: git tag v${version} && git push --tags` : 'nothing was published');
  if (found.length > 0) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    release();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
