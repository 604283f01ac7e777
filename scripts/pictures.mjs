// Draws docs/gates/pictures, what each gate sees of a good and of a bad model, and docs/strategies/pictures, what comes of
// both under each strategy in a rehearsal. Seeded: the same sources, the same bytes. Needs a build.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
for (const name of ['gates', 'strategies']) {
  const outfile = `dist/bench/${name}-pictures.cjs`;
  await build({
    entryPoints: [`bench/${name}/write.ts`],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    external: ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs', 'cdk-sagemaker-rollouts'],
    tsconfigRaw: {},
    logLevel: 'warning',
  });
  execFileSync(process.execPath, [outfile], { stdio: 'inherit' });
  rmSync(outfile);
}
