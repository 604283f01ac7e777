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

/**
 * Writes out the computed keys of the SDK's schemas (`[_hH]: x`, where `_hH` is a text in the same file). A computed key
 * may have a side effect, so the schemas of operations that nobody calls would otherwise stay.
 */
const literalKeys = {
  name: 'literal-keys',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const texts = new Map(
        [...source.matchAll(/^const (_\w*) = ("[^"\\]*");$/gm)].map(([, name, text]) => [name, text]),
      );
      return {
        contents: source.replace(/\[(_\w*)\]:/g, (key, name) => (texts.has(name) ? `${texts.get(name)}:` : key)),
      };
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
        '@smithy/core/event-streams': './lambda/aws/no-event-streams.ts',
      },
      plugins: [literalKeys],
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
