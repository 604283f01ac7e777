// Bundles handlers, CLI and rehearsal into dist/. The same sources give the same bytes on any machine and path.
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { licencesOf } from './licences.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const shared = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  minify: true,
  // The SDK's ES modules shake down to a third of its CommonJS build.
  mainFields: ['module', 'main'],
  // A dynamic import cannot run inside the rehearsal's sandbox.
  supported: { 'dynamic-import': false },
  // A tsconfig in reach would change the bytes.
  tsconfigRaw: {},
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
};

/** Every file that a shipped bundle holds a part of. */
const read = new Set();
function remember({ metafile }) {
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) if (bytesInOutput > 0) read.add(file);
  }
}

/** Writes out computed keys (`[_hH]: x`, where `_hH` is a text in the same file): a computed key may have a side effect. */
function withLiteralKeys(schemas) {
  const texts = new Map([...schemas.matchAll(/^const (_\w*) = ("[^"\\]*");$/gm)].map(([, name, text]) => [name, text]));
  return schemas.replace(/\[(_\w*)\]:/g, (key, name) => (texts.has(name) ? `${texts.get(name)}:` : key));
}

/** All that our doors to AWS say, the names of the errors that they know among it. */
const doors = readdirSync('lambda/aws')
  .map((file) => readFileSync(`lambda/aws/${file}`, 'utf8'))
  .join('\n');

/**
 * Takes the classes of errors that no door names out of a client. Such an error then comes as the client's base class,
 * as one that is newer than the SDK does: with its name, message and status, which is what retries go by too. One stays
 * where the class says more: another name than the wire's, or that it may be retried.
 */
function withoutUnnamedErrors(schemas, errors) {
  const declared = /^export var (\w+)\$ = (\[-3,[\s\S]*?^\]);\n\w+\.registerError\(\1\$, \1\);$/gm;
  return schemas.replace(declared, (text, name, schema) => {
    const [body] = new RegExp(`class ${name} [\\s\\S]*?^}`, 'm').exec(errors) ?? [text];
    const plain = !/awsQueryError|\$retryable/.test(schema + body) && !doors.includes(name);
    return plain ? `export var ${name}$ = ${schema};` : text;
  });
}

/** The schemas of a client hold what it may send and read: what no handler sends or reads is made to shake out of them. */
const leanSchemas = {
  name: 'lean-schemas',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/ }, ({ path }) => {
      const errors = readFileSync(join(dirname(path), '../models/errors.js'), 'utf8');
      return { contents: withoutUnnamedErrors(withLiteralKeys(readFileSync(path, 'utf8')), errors) };
    });
  },
};

/** Files of the SDK that a function never needs: profiles on disk, web streams, and what Node computes itself. */
const notInAFunction = {
  name: 'not-in-a-function',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/loadSharedConfigFiles$/ }, () => ({ path: resolve('lambda/aws/no-profiles.ts') }));
    onLoad({ filter: /[\\/](?:[\w-]+\.browser|Sha1Js|Sha256Js)\.js$/ }, ({ path }) => {
      const names = [...readFileSync(path, 'utf8').matchAll(/^export (?:const|class|(?:async )?function) (\w+)/gm)];
      const stub = ([, name]) => `export function ${name}() { throw new Error('${name} is not part of this bundle'); }`;
      return { contents: names.map(stub).join('\n') };
    });
  },
};

/** A client reads its version from its package, and nothing else of it. */
const versionAlone = {
  name: 'version-alone',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]client-[^\\/]+[\\/]package\.json$/ }, ({ path }) => {
      const { version } = JSON.parse(readFileSync(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

const jobs = () =>
  (existsSync('lambda') ? readdirSync('lambda', { withFileTypes: true }) : [])
    .filter((entry) => entry.isDirectory() && existsSync(`lambda/${entry.name}/handler.ts`))
    .map((entry) => entry.name)
    .sort();

/** Each handler is one folder with one index.js: what Code.fromAsset ships. */
async function bundleLambda() {
  for (const job of jobs()) {
    rmSync(`dist/lambda/${job}`, { recursive: true, force: true });
    const built = await build({
      ...shared,
      target: 'node22',
      // A function gets its credentials from its environment and reads no event streams: a quarter of a bundle.
      alias: {
        '@aws-sdk/credential-provider-node': './lambda/aws/environment-credentials.ts',
        '@aws-sdk/middleware-endpoint-discovery': './lambda/aws/no-endpoint-discovery.ts',
        '@smithy/core/event-streams': './lambda/aws/no-event-streams.ts',
      },
      plugins: [leanSchemas, notInAFunction, versionAlone],
      entryPoints: [`lambda/${job}/handler.ts`],
      outfile: `dist/lambda/${job}/index.js`,
    });
    remember(built);
  }
}

/** The rehearsal and the CLI run on the user's machine, from Node 20 on. */
async function bundleHost() {
  const external = ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs', 'cdk-sagemaker-rollouts', 'cdk-sagemaker-rollouts/*'];
  const host = { ...shared, target: 'node20', external };
  const entries = [
    ['rehearsal/index.ts', 'dist/rehearsal/index.js', {}],
    ['bin/rollouts.ts', 'dist/bin/rollouts.js', { banner: { js: '#!/usr/bin/env node' } }],
    ['bin/app.ts', 'dist/bin/app.js', {}],
    ['bin/rehearse-all.ts', 'dist/bin/rehearse-all.js', {}],
  ];
  for (const [entry, outfile, extra] of entries) {
    if (!existsSync(entry)) continue;
    remember(await build({ ...host, ...extra, entryPoints: [entry], outfile }));
  }
  // npm makes it executable where it installs it; from a wheel it is run as it was packed.
  chmodSync('dist/bin/rollouts.js', 0o755);
  cpSync('bin/templates', 'dist/bin/templates', { recursive: true });
  mkdirSync('dist/rehearsal', { recursive: true });
  copyFileSync('rehearsal/outcome.schema.json', 'dist/rehearsal/outcome.schema.json');
}

const what = process.argv[2] ?? 'all';
if (what === 'lambda' || what === 'all') await bundleLambda();
if (what === 'host' || what === 'all') await bundleHost();
if (what === 'all') writeFileSync('dist/THIRD-PARTY-LICENCES.txt', licencesOf([...read].sort()));
