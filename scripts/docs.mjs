// Writes what is generated and committed: the outcome's JSON schema and the page of assumptions. A house test fails when either drifts.
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

/** The files and what they must hold, from the sources. */
export async function generated() {
  const { createGenerator } = await import('ts-json-schema-generator');
  const options = { path: 'rehearsal/outcome.ts', tsconfig: 'tsconfig.json', skipTypeCheck: true };
  const schema = createGenerator(options).createSchema('MatrixOutcome');
  const outfile = join(tmpdir(), `assumptions-${process.pid}.cjs`);
  await build({
    entryPoints: ['rehearsal/report/assumptions.ts'],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
    tsconfigRaw: {},
  });
  const { createRequire } = await import('node:module');
  const { assumptionsPage } = createRequire(import.meta.url)(outfile);
  return {
    'rehearsal/outcome.schema.json': `${JSON.stringify(oneOutcomeOrMatrix(schema), null, 2)}\n`,
    'docs/assumptions.md': assumptionsPage(),
  };
}

/** The document is what `rollouts rehearse --json` prints: one outcome, or one scenario over the knob matrix. */
const oneOutcomeOrMatrix = ({ $schema, definitions }) => ({
  $schema,
  $id: 'https://cdk-sagemaker-rollouts.dev/schemas/outcome-1.json',
  title: 'Outcome of a rehearsal',
  anyOf: [{ $ref: '#/definitions/Outcome' }, { $ref: '#/definitions/MatrixOutcome' }],
  definitions,
});

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [file, text] of Object.entries(await generated())) writeFileSync(file, text);
}
