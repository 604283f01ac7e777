import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** A package as its package.json has it. */
export interface InstalledPackage {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** What `rollouts doctor` may look at on this machine; a test gives its own. */
export interface Machine {
  readonly nodeVersion: string;
  /** A package that code in the project folder would get; undefined where there is none. */
  installed(name: string): InstalledPackage | undefined;
  /** The CDK CLI that `npx cdk` would run; undefined where there is none. */
  cdkCli(): InstalledPackage | undefined;
  /** Whether a command is on the path. */
  has(command: string): boolean;
}

/** This machine, as seen from a folder. */
export function thisMachine(folder: string): Machine {
  const path = (process.env['PATH'] ?? '').split(delimiter);
  const onPath = (command: string) => path.map((place) => join(place, command)).find((file) => existsSync(file));
  const installed = (name: string) => upwards(folder, (here) => packageAt(join(here, 'node_modules', name), name));
  return {
    nodeVersion: process.versions.node,
    installed,
    cdkCli: () => {
      const cdk = onPath('cdk');
      const beside = (file: string) => upwards(dirname(realpathSync(file)), (here) => packageAt(here, 'aws-cdk'));
      return installed('aws-cdk') ?? (cdk === undefined ? undefined : beside(cdk));
    },
    has: (command) => onPath(command) !== undefined || onPath(`${command}.exe`) !== undefined,
  };
}

function packageAt(folder: string, name: string): InstalledPackage | undefined {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return undefined;
  const found = JSON.parse(readFileSync(file, 'utf8')) as InstalledPackage & { readonly name?: string };
  return found.name === name ? found : undefined;
}

/** The first answer on the way from a folder to the root. */
function upwards<T>(folder: string, ask: (here: string) => T | undefined): T | undefined {
  for (let here = folder; ; here = dirname(here)) {
    const answer = ask(here);
    if (answer !== undefined || here === dirname(here)) return answer;
  }
}
