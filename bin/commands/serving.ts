import { type Command, InvalidArgumentError } from 'commander';
import { processSurroundings } from '../operate/surroundings';
import { advance } from './advance';
import { seed } from './seed';
import { type ServeOptions, serve } from './serve';

/** Where it listens when nobody says another: one that is not somebody's by custom. */
const PORT = 4700;

const port = (text: string): number => {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError(`port must be a whole number up to 65535, got '${text}'`);
};

/** The commands of whoever practises being on call. */
export function addServing(program: Command): void {
  program
    .command('serve')
    .description(
      'rehearse a rollout whose time stands still, for the other commands to operate: they find it by AWS_ENDPOINT_URL',
    )
    .argument('<cdk-out>', 'folder that cdk synth has written, with the new version')
    .requiredOption('--scenario <file>', 'what happens: traffic, behaviour of both versions, what people do')
    .option('--from <cdk-out>', 'folder with the version that serves now (default: the same template, another model)')
    .option('--stack <name>', 'which stack, where the folder holds several')
    .option('--endpoint <name>', 'which endpoint, where the stack has several')
    .option('--seed <n>', 'seed of everything random', seed, 1)
    .option('--port <n>', 'where it listens, on this machine alone; 0 for any that is free', port, PORT)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
It serves what status, watch, history, evidence, retro, approve, reject, rollback, abort, resume and retry ask of AWS;
everything else is refused. The access key id is the name of the role or user that you are.

Example:
  $ rollouts serve cdk.out --scenario errors.yaml`,
    )
    .action(async (directory: string, options: ServeOptions) => {
      process.exitCode = await serve(directory, options);
    });

  program
    .command('advance')
    .description("move the time of 'rollouts serve' on, and print the messages that people got meanwhile")
    .argument('<duration>', 'seconds, ISO 8601 such as PT10M, or 90s, 10m, 2h, 3d')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ rollouts advance 10m')
    .action(async (duration: string, options: { readonly json?: boolean }) => {
      process.exitCode = await advance(duration, options, processSurroundings().write);
    });
}
