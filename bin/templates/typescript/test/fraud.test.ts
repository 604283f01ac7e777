import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { App } from 'aws-cdk-lib';
import { readScenario, rehearse } from 'cdk-sagemaker-rollouts/rehearsal';
import { FraudStack } from '../fraud-stack';

test('a version that answers with errors is taken back, whatever AWS leaves undocumented', async () => {
  const app = new App();
  new FraudStack(app, 'Fraud');
  const file = 'scenarios/errors.yaml';
  const scenario = readScenario(readFileSync(file, 'utf8'), file);
  const { safe, baseline } = await rehearse(app, { scenario, knobs: 'all' });
  assert.equal(safe, true);
  assert.equal(baseline.outcome, 'rolledBack');
  console.log(`${baseline.badRequests} callers of 100 a second met the bad version`);
});
