import { join } from 'node:path';
import { Argument, type Command, Option } from 'commander';
import { awsAccount } from './account';
import { completion, SHELLS, type Shell } from './completion';
import { doctor } from './doctor';
import { init, LANGUAGES, type Language } from './init';
import { thisMachine } from './machine';

/** The commands of the first ten minutes. */
export function addFirstUse(program: Command): void {
  program
    .command('init')
    .description('write a small app: one model, one strategy, one scenario, and a test that rehearses it')
    .argument('[dir]', 'where; it is made when it is not there', '.')
    .addOption(new Option('--language <name>', 'of the app').choices(LANGUAGES).default('typescript'))
    .addHelpText('after', '\nExamples:\n  $ rollouts init my-app\n  $ rollouts init my-app --language python')
    .action((directory: string, { language }: { readonly language: Language }) => {
      process.stdout.write(init(directory, language, join(__dirname, 'templates')));
    });

  program
    .command('doctor')
    .description('what would stop a first deployment: Node, CDK versions, Docker; with --aws the account too')
    .argument('[cdk-out]', 'folder that cdk synth has written, to compare what it needs')
    .option('--aws', 'ask AWS, with your credentials: are they good, is CDK bootstrapped, do quotas hold two fleets')
    .addHelpText('after', '\nExamples:\n  $ rollouts doctor\n  $ rollouts doctor cdk.out --aws')
    .action(async (assembly: string | undefined, { aws }: { readonly aws?: boolean }) => {
      const account = aws === true ? awsAccount() : undefined;
      const { text, code } = await doctor({ machine: thisMachine(process.cwd()), assembly, account });
      process.stdout.write(text);
      process.exitCode = code;
    });

  program
    .command('completion')
    .description('print a script that completes commands and options in your shell')
    .addArgument(new Argument('<shell>', 'which one').choices(SHELLS))
    .addHelpText('after', '\nExample:\n  $ eval "$(rollouts completion bash)"')
    .action((shell: Shell) => {
      process.stdout.write(completion(program, shell));
    });
}
