import { type Command, InvalidArgumentError } from 'commander';
import type { Decision } from '../operate/ask';
import { EXIT_CODES } from '../operate/exit-code';
import { processSurroundings, type Surroundings } from '../operate/surroundings';
import { decide } from './decide';
import { evidence } from './evidence';
import { history } from './history';
import { prune } from './prune';
import { retroList } from './retro';
import { status } from './status';
import { watch } from './watch';

const natural = (text: string): number => {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`it must be a whole number, got '${text}'`);
};

const DECISIONS: readonly (readonly [Decision['action'], string])[] = [
  ['approve', 'agree to the step that a rollout asks for; who started it may not'],
  ['reject', 'refuse it: the rollout is taken back'],
  ['rollback', 'take the rollout under way back, at once; its version is rejected, a retrospective opened'],
  ['abort', 'take it back without blame: the version may be deployed again'],
  ['resume', 'let a held rollout go on with the phase in which it was held'],
  ['retry', 'start the version that was deployed last again, though it was rolled back'],
];

/** The commands of whoever is on call. */
export function addOperate(program: Command, surroundings: () => Surroundings = processSurroundings): void {
  const around = ({ region }: { readonly region?: string }): Surroundings => {
    const { clients, ...rest } = surroundings();
    return { ...rest, clients: region === undefined ? clients : { ...clients, region } };
  };
  const command = (parent: Command, name: string, description: string) =>
    parent
      .command(name)
      .description(description)
      .argument('<endpoint>', 'its name, as endpointName has it')
      .option('--region <region>', 'of the endpoint (default: as the AWS SDK finds it)')
      .option('--json', 'print JSON');
  const ends = async (code: Promise<number>): Promise<void> => {
    process.exitCode = await code;
  };

  command(program, 'status', 'how an endpoint stands: what serves, the rollout, what its gates say, what can be done')
    .addHelpText('after', `\n${EXIT_CODES}\n\nExample:\n  $ rollouts status fraud`)
    .action((name, options) => ends(status(name, options, around(options))));

  command(program, 'watch', 'follow a rollout until it ends or is held; the exit code tells how')
    .option('--every <seconds>', 'time between two looks', natural, 15)
    .option('--timeout <minutes>', 'give up after so long; 0 never does', natural, 0)
    .addHelpText('after', `\n${EXIT_CODES}\n\nExample:\n  $ rollouts watch fraud --timeout 60`)
    .action((name, options) => ends(watch(name, options, around(options))));

  for (const [action, description] of DECISIONS) {
    command(program, action, description)
      .requiredOption('--reason <text>', 'why; it is kept in the record')
      .option('--rollout <id>', 'refuse unless this rollout is the one under way')
      .addHelpText('after', `\nExample:\n  $ rollouts ${action} fraud --reason "..."`)
      .action((name, options) => ends(decide(action, name, options, around(options))));
  }

  command(program, 'history', 'every rollout of an endpoint, and how it ended').action((name, options) =>
    ends(history(name, options, around(options))),
  );

  const retro = program.command('retro').description('what was learned of rollouts that were rolled back');
  command(retro, 'list', 'all retrospectives; an open one blocks the next rollout').action((name, options) =>
    ends(retroList(name, options, around(options))),
  );
  command(retro, 'close', 'close a retrospective, so that the next version may start')
    .requiredOption('--notes <text>', 'what was learned; it is kept in the record')
    .option('--rollout <id>', 'which, where several are open')
    .action((name, options) =>
      ends(decide('closeRetrospective', name, { ...options, reason: options.notes }, around(options))),
    );

  command(program, 'prune', 'delete endpoint configs and models that the stack of an Endpoint has left behind')
    .option('--keep <number>', 'newest generations that stay', natural, 3)
    .option('--yes', 'delete them (default: only say which)')
    .addHelpText('after', '\nExample:\n  $ rollouts prune fraud --keep 3 --yes')
    .action((name, options) => ends(prune(name, options, around(options))));

  command(program, 'evidence', 'everything that is known of a rollout: plan, verdicts, alarms, approvals, timings')
    .argument('[rollout]', 'its id, as history shows it (default: the last one)')
    .option('--html <file>', 'write it as one self-contained page')
    .addHelpText('after', '\nExample:\n  $ rollouts evidence fraud --html evidence.html')
    .action((name, rollout, options) => ends(evidence(name, rollout, options, around(options))));
}
