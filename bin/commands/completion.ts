import type { Command } from 'commander';

/** Shells that completion is written for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

interface Word {
  readonly word: string;
  readonly says: string;
}
interface Words {
  readonly commands: readonly Word[];
  readonly options: ReadonlyMap<string, readonly Word[]>;
}

/** `rollouts completion`: a script that completes exactly the commands and options that there are. */
export function completion(program: Command, shell: Shell): string {
  return SCRIPTS[shell](program.name(), wordsOf(program));
}

function wordsOf(program: Command): Words {
  const commands = program.commands.map((command) => ({ word: command.name(), says: command.description() }));
  const options = program.commands.map((command): [string, Word[]] => [
    command.name(),
    [...command.options.flatMap(({ long, description }) => (long ? [{ word: long, says: description }] : [])), HELP],
  ]);
  return { commands, options: new Map(options) };
}

const HELP = { word: '--help', says: 'what the command takes' };
const list = (words: readonly Word[]) => words.map(({ word }) => word).join(' ');
/** A text inside single quotes of any of the shells. */
const quoted = (text: string) => text.replaceAll("'", '’');

const SCRIPTS: Readonly<Record<Shell, (name: string, words: Words) => string>> = {
  bash: (name, { commands, options }) => `# eval "$(${name} completion bash)"
_${name}() {
  local current="\${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${list(commands)} --help --version' -- "$current"))
    return
  fi
  local words=''
  case "\${COMP_WORDS[1]}" in
${[...options].map(([command, words]) => `    ${command}) words='${list(words)}' ;;`).join('\n')}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
    *) COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}
complete -o filenames -F _${name} ${name}
`,
  zsh: (name, { commands, options }) => `# eval "$(${name} completion zsh)"
_${name}() {
  if (( CURRENT == 2 )); then
    local -a commands=(${commands.map(({ word, says }) => `'${word}:${quoted(says)}'`).join(' ')})
    _describe command commands
    return
  fi
  case "$words[2]" in
${[...options].map(([command, words]) => `    ${command}) [[ "$PREFIX" == -* ]] && compadd -- ${list(words)} || _files ;;`).join('\n')}
  esac
}
compdef _${name} ${name}
`,
  fish: (name, { commands, options }) =>
    [
      `# ${name} completion fish | source`,
      ...commands.map(
        ({ word, says }) => `complete -c ${name} -n __fish_use_subcommand -f -a '${word}' -d '${quoted(says)}'`,
      ),
      ...[...options].flatMap(([command, words]) =>
        words.map(
          ({ word, says }) =>
            `complete -c ${name} -n '__fish_seen_subcommand_from ${command}' -l ${word.slice(2)} -d '${quoted(says)}'`,
        ),
      ),
      '',
    ].join('\n'),
};
