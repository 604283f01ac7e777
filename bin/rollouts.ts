// The command line: what is asked, and how its answer ends the process. 0 as expected, 1 cannot run, 2 not as expected.
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { version } from '../package.json';
import { addFirstUse } from './commands/first-use';
import { addOperate } from './commands/operate';
import { plan } from './commands/plan';
import { type RehearseOptions, rehearseCommand } from './commands/rehearse';
import { seed } from './commands/seed';
import { addServing } from './commands/serving';

const knobs = (text: string): 'default' | 'all' => {
  if (text === 'default' || text === 'all') return text;
  throw new InvalidArgumentError(`knobs must be 'default' or 'all', got '${text}'`);
};

const program = new Command('rollouts')
  .description('Model deployments on Amazon SageMaker: see the plan, rehearse it before it is deployed.')
  .version(version)
  .showHelpAfterError('(rollouts --help shows what there is)')
  .addHelpText(
    'after',
    `
Examples:
  $ cdk synth && rollouts plan cdk.out
  $ rollouts rehearse cdk.out --scenario scenarios/errors.yaml

Exit codes: 0 as expected, 1 it could not run, 2 the rehearsal ended otherwise than the scenario expects.`,
  );

program
  .command('plan')
  .description('the plan of each endpoint: steps, shares, waits, cost of the second fleet, speed of detection')
  .argument('<cdk-out>', 'folder that cdk synth has written')
  .argument('[stack]', 'one stack; all of them when left out')
  .addHelpText('after', '\nExample:\n  $ rollouts plan cdk.out Fraud')
  .action((directory: string, stack?: string) => {
    process.stdout.write(plan(directory, stack));
  });

program
  .command('rehearse')
  .description('deploy the template to a simulated AWS, in virtual time, and see what a scenario makes of it')
  .argument('<cdk-out>', 'folder that cdk synth has written, with the new version')
  .requiredOption('--scenario <file>', 'what happens: traffic, behaviour of both versions, faults, what is expected')
  .option('--from <cdk-out>', 'folder with the version that serves now (default: the same template, another model)')
  .option('--stack <name>', 'which stack, where the folder holds several')
  .option('--endpoint <name>', 'which endpoint, where the stack has several')
  .option('--seed <n>', 'seed of everything random', seed, 1)
  .option('--knobs <which>', "'default', or 'all': every pair of settings that AWS does not document", knobs, 'default')
  .option('--json', 'print the outcome as JSON')
  .option('--html <file>', 'write the report as one self-contained page')
  .option('--compare <evidence>', "hold it against a real rollout: what 'rollouts evidence' has printed")
  .addHelpText(
    'after',
    `
Examples:
  $ rollouts rehearse cdk.out --scenario errors.yaml
  $ rollouts rehearse cdk.out --from cdk.out.old --scenario good.yaml --knobs all --html report.html
  $ rollouts rehearse cdk.out --scenario slow.yaml --json > outcome.json
  $ rollouts rehearse cdk.out --scenario good.yaml --compare evidence.json`,
  )
  .action(async (directory: string, options: RehearseOptions) => {
    process.exitCode = await rehearseCommand(directory, options);
  });

addServing(program);
addFirstUse(program);
addOperate(program);
program.exitOverride();
program.parseAsync().catch((error: unknown) => {
  // Commander has said what was wrong with the words; help and version are no errors.
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode;
    return;
  }
  // A person reads this: what is wrong, not where in the library it was found.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
