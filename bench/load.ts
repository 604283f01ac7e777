// What it costs to load the package, against what every CDK app loads anyway: aws-cdk-lib with the L1 that it uses.
import { execFileSync } from 'node:child_process';
import { median, table } from './report';

const CASES = {
  'core + L1 of SageMaker, CloudWatch, IAM, Lambda': `
    require('aws-cdk-lib/core'); require('aws-cdk-lib/aws-sagemaker').CfnEndpoint;
    require('aws-cdk-lib/aws-cloudwatch').CfnAlarm; require('aws-cdk-lib/aws-iam').CfnRole;
    require('aws-cdk-lib/aws-lambda').CfnFunction;`,
  'cdk-sagemaker-rollouts': "const r = require('cdk-sagemaker-rollouts'); r.Endpoint; r.Model; r.CanaryStrategy;",
  'cdk-sagemaker-rollouts/decision': "require('cdk-sagemaker-rollouts/decision').judge;",
  'cdk-sagemaker-rollouts/rehearsal': "require('cdk-sagemaker-rollouts/rehearsal').rehearse;",
};
const ROUNDS = 9;

const times = new Map<string, { cpu: number; memory: number }[]>(Object.keys(CASES).map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, code] of Object.entries(CASES)) {
    const script = `const b = process.cpuUsage(); const m = process.memoryUsage().rss; ${code}
      const { user, system } = process.cpuUsage(b);
      console.log(JSON.stringify({ cpu: (user + system) / 1000, memory: (process.memoryUsage().rss - m) / 1048576 }));`;
    times.get(name)?.push(JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })));
  }
}
const baseline = median((times.get(Object.keys(CASES)[0]) ?? []).map(({ cpu }) => cpu));
console.log(`require, medians of ${ROUNDS} fresh processes each, in turns`);
console.log(
  table(
    ['what', 'CPU', 'ratio', 'memory'],
    [...times].map(([name, found]) => {
      const cpu = median(found.map((each) => each.cpu));
      return [
        name,
        `${cpu.toFixed(0)} ms`,
        (cpu / baseline).toFixed(2),
        `${median(found.map((each) => each.memory)).toFixed(0)} MB`,
      ];
    }),
  ),
);
