import { execFileSync } from 'node:child_process';

/** Bundles the Lambda handlers into dist/, as a build does, so that synthesized templates carry the real code. */
export default function setup(): void {
  execFileSync(process.execPath, ['scripts/bundle.mjs', 'lambda'], { stdio: 'inherit' });
}
