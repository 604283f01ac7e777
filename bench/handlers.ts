import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { median, table } from './report';

// What a cold start loads: each handler's bundle, beside the same handler with the SDK and all other packages left in
// node_modules, as it would be without bundling.
const ROUNDS = 21;
const ENV = {
  AWS_REGION: 'eu-west-1',
  RECORD_TABLE: 'record',
  AWS_LAMBDA_FUNCTION_NAME: 'bench',
  // Lambda runs a Node that the SDK does not warn of; printing the warning is not loading.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};

/** Milliseconds of CPU to load a file, in a fresh process. */
function load(file: string): number {
  const script = `const b = process.cpuUsage(); require('./${file}'); const { user, system } = process.cpuUsage(b); console.log((user + system) / 1000);`;
  const env = { ...process.env, ...ENV };
  return Number(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', env, stdio: [null, 'pipe', null] }));
}

function unbundled(job: string): string {
  const outfile = `dist/bench/unbundled/${job}.js`;
  const shape = ['--bundle', '--packages=external', '--platform=node', '--format=cjs', '--log-level=error'];
  execFileSync('node_modules/.bin/esbuild', [`lambda/${job}/handler.ts`, ...shape, `--outfile=${outfile}`]);
  return outfile;
}

const jobs = readdirSync('dist/lambda').filter((job) => existsSync(`dist/lambda/${job}/index.js`));
const rows = jobs.map((job) => {
  const [file, loose] = [`dist/lambda/${job}/index.js`, unbundled(job)];
  const times = Array.from({ length: ROUNDS }, () => [load(file), load(loose)] as const);
  const [bundle, packages] = [median(times.map(([b]) => b)), median(times.map(([, p]) => p))];
  const size = (statSync(file).size / 1000).toFixed(0);
  return [job, size, bundle.toFixed(0), packages.toFixed(0), (bundle / packages).toFixed(2)];
});
console.log(`loading a handler, CPU, medians of ${ROUNDS} fresh processes each, in turns`);
console.log(table(['handler', 'kB', 'bundle, ms', 'packages, ms', 'ratio'], rows));
