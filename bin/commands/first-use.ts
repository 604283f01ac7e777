import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { init, LANGUAGES, type Language } from './init';

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
}
