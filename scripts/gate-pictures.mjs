// Draws docs/gates/pictures: what each gate sees of a good and of a bad model. Seeded: the same sources, the same bytes.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const outfile = 'dist/bench/gate-pictures.cjs';
await build({
  entryPoints: ['bench/gates/write.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  mainFields: ['module', 'main'],
  external: ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs'],
  tsconfigRaw: {},
  logLevel: 'warning',
});
execFileSync(process.execPath, [outfile], { stdio: 'inherit' });
rmSync(outfile);
