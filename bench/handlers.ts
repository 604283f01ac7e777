import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { median, table } from './report';

// What a cold start loads: each handler's bundle beside the SDK clients that it uses, unbundled, from node_modules.
const ROUNDS = 11;
const ENV = { AWS_REGION: 'eu-west-1', RECORD_TABLE: 'record', AWS_LAMBDA_FUNCTION_NAME: 'bench' };
const CLIENTS: Record<string, string> = {
  'client-cloudwatch': 'CloudWatchClient',
  'client-dynamodb': 'DynamoDBClient',
  'client-s3': 'S3Client',
  'client-sagemaker': 'SageMakerClient',
  'client-sfn': 'SFNClient',
  'client-sns': 'SNSClient',
};

/** Milliseconds of CPU to load something, the median of fresh processes. */
function load(code: string): number {
  const script = `const b = process.cpuUsage(); ${code}; const { user, system } = process.cpuUsage(b); console.log((user + system) / 1000);`;
  const once = () =>
    Number(
      execFileSync(process.execPath, ['-e', script], {
        encoding: 'utf8',
        env: { ...process.env, ...ENV },
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    );
  return median(Array.from({ length: ROUNDS }, once));
}

const jobs = readdirSync('dist/lambda').filter((job) => existsSync(`dist/lambda/${job}/index.js`));
const rows = jobs.map((job) => {
  const file = `dist/lambda/${job}/index.js`;
  // A client's own user agent names it inside the bundle.
  const text = readFileSync(file, 'utf8');
  const used = Object.keys(CLIENTS).filter((client) => text.includes(`@aws-sdk/${client}`));
  const unbundled = used.map((client) => `new (require('@aws-sdk/${client}').${CLIENTS[client]})({})`).join(';');
  const [bundle, sdk] = [load(`require('./${file}')`), load(unbundled)];
  return [
    job,
    (statSync(file).size / 1000).toFixed(0),
    bundle.toFixed(0),
    sdk.toFixed(0),
    (bundle / sdk).toFixed(2),
    used.map((client) => client.slice(7)).join(', '),
  ];
});
console.log(`loading a handler, medians of ${ROUNDS} fresh processes each`);
console.log(table(['handler', 'kB', 'bundle, ms CPU', 'SDK alone, ms CPU', 'ratio', 'clients'], rows));
