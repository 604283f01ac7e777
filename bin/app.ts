// The example app that cdk.json names: one stack for each file in bin/models.
//   cdk deploy fraud                    the newest version
//   cdk deploy fraud -c version=1       the oldest one
//   cdk synth -c models=path/to/folder  your own files
import { App } from 'aws-cdk-lib';
import { addModels } from './synthesize';

try {
  // Nothing is written unless everything is right; by itself an app would write what there is when the process ends.
  const app = new App({ autoSynth: false });
  const version: unknown = app.node.tryGetContext('version');
  if (Number.isNaN(Number(version ?? 1)))
    throw new Error(`version must be a number, the oldest being 1, got '${version}'`);
  addModels(app, {
    version: version === undefined ? undefined : Number(version),
    directory: app.node.tryGetContext('models'),
  });
  app.synth();
} catch (error) {
  // A person reads this: what is wrong and where, not where in the library it was found.
  console.error((error as Error).message);
  process.exitCode = 1;
}
