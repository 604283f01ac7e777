// A newcomer's first ten minutes, typed as the documentation says: init, rehearse, change the strategy, rehearse, synth.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Runs a command as a person would, and gives back what it printed; the error has all of it. */
function type(cwd, env, file, ...args) {
  return execFileSync(file, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Fails unless a text says what it must. */
function mustSay(text, pattern, what) {
  if (!pattern.test(text)) throw new Error(`${what} must say ${pattern}, got:\n${text}`);
}

/** Replaces one piece of a file, which must be there. */
function change(file, from, to) {
  const text = readFileSync(file, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} must have '${from}'`);
  writeFileSync(file, text.replace(from, to));
}

/** In an empty folder with Node and npm: `cli` and `tarball` are what npm would publish. */
export function newcomerInTypeScript(folder, { cli, tarball, env, install = ['install', '--prefer-offline'] }) {
  const app = join(folder, 'my-app');
  mustSay(type(folder, env, process.execPath, cli, 'init', 'my-app'), /npm install && npm test/, 'init');
  // Published, this would be `npm install`; until then the package comes from its tarball.
  type(app, env, 'npm', ...install, tarball);
  mustSay(type(app, env, 'npm', 'test'), /\d+ callers of 100 a second met the bad version[\s\S]*pass 1\b/, 'npm test');
  const before = type(app, env, 'npm', 'run', 'plan');
  mustSay(before, /^fraud \(stack Fraud\): canary, 4 instances$/m, 'npm run plan');

  const stack = join(app, 'fraud-stack.ts');
  change(stack, 'new rollouts.CanaryStrategy', 'new rollouts.LinearStrategy');
  change(stack, 'canarySize:', 'linearStepSize:');
  mustSay(type(app, env, 'npm', 'test'), /pass 1\b/, 'npm test after the change');
  mustSay(type(app, env, 'npm', 'run', 'plan'), /^fraud \(stack Fraud\): linear, 4 instances$/m, 'the changed plan');
  mustSay(type(app, env, 'npm', 'run', 'rehearse'), /every|safe/i, 'npm run rehearse');
  if (!existsSync(join(app, 'report.html'))) throw new Error('npm run rehearse must write report.html');
}

/** With pip: `bin` is that of a virtual environment which has the wheel. */
export function newcomerInPython(folder, { bin, env }) {
  const rollouts = join(bin, 'rollouts');
  const python = join(bin, 'python');
  mustSay(type(folder, env, rollouts, 'init', 'my-app', '--language', 'python'), /-m unittest/, 'init');
  const app = join(folder, 'my-app');
  // The venv has what requirements.txt wants: pip would have to change nothing.
  const wanted = type(app, env, python, '-m', 'pip', 'install', '--no-index', '--dry-run', '-r', 'requirements.txt');
  if (/Would install/.test(wanted)) throw new Error(`the wheel must bring what requirements.txt wants\n${wanted}`);
  type(app, env, python, '-m', 'unittest');

  const stack = join(app, 'fraud_stack.py');
  change(stack, 'rollouts.CanaryStrategy', 'rollouts.LinearStrategy');
  change(stack, 'canary_size=', 'linear_step_size=');
  type(app, env, python, '-m', 'unittest');
  type(app, { ...env, CDK_OUTDIR: 'cdk.out' }, python, 'app.py');
  mustSay(type(app, env, rollouts, 'plan', 'cdk.out'), /^fraud \(stack Fraud\): linear, 4 instances$/m, 'plan');
  const rehearsal = ['rehearse', 'cdk.out', '--scenario', 'scenarios/errors.yaml', '--html', 'report.html'];
  mustSay(type(app, env, rollouts, ...rehearsal), /^fraud: rolled back$/m, 'rehearse');
  if (!existsSync(join(app, 'report.html'))) throw new Error('rehearse --html must write report.html');
}
