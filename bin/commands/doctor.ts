import { devDependencies, peerDependencies } from '../../package.json';
import type { Account } from './account';
import { type AssemblyNeeds, readNeeds } from './assembly-needs';
import type { Machine } from './machine';

/** One thing that was looked at. */
interface Finding {
  readonly mark: 'ok' | 'note' | 'problem';
  readonly text: string;
}
const ok = (text: string): Finding => ({ mark: 'ok', text });
const note = (text: string): Finding => ({ mark: 'note', text });
const problem = (text: string): Finding => ({ mark: 'problem', text });

const NODE_MINIMUM = 20;
const SCHEMA = '@aws-cdk/cloud-assembly-schema';
/** Every version of the bootstrap stack that today's templates can use is behind this parameter. */
const BOOTSTRAP = { parameter: '/cdk-bootstrap/hnb659fds/version', version: 6 };

/** What `rollouts doctor` looks at. */
export interface DoctorOptions {
  readonly machine: Machine;
  /** Folder that `cdk synth` has written; without it only the tools are looked at. */
  readonly assembly?: string;
  /** The account to deploy to; without it nothing is asked of AWS. */
  readonly account?: Account;
}

/**
 * `rollouts doctor`: what would stop a first deployment, and what to do about it.
 *
 * @returns the text, and the exit code: 1 where there is a problem
 * @throws Error where the assembly cannot be read
 */
export async function doctor({ machine, assembly, account }: DoctorOptions): Promise<{ text: string; code: 0 | 1 }> {
  const needs = assembly === undefined ? undefined : readNeeds(assembly);
  const findings = [
    node(machine),
    library(machine),
    cli(machine, needs),
    ...docker(machine, needs),
    ...(account === undefined
      ? [note('AWS was not asked: --aws looks at credentials, bootstrap and quotas')]
      : await ofAccount(account, needs)),
  ];
  const problems = findings.filter(({ mark }) => mark === 'problem').length;
  const lines = findings.map(({ mark, text }) => `${mark.padEnd(8)} ${text}`);
  const sum = problems === 0 ? 'nothing stands in the way' : `${problems} problem${problems === 1 ? '' : 's'}`;
  return { text: `${lines.join('\n')}\n\n${sum}\n`, code: problems === 0 ? 0 : 1 };
}

function node({ nodeVersion }: Machine): Finding {
  return Number.parseInt(nodeVersion, 10) >= NODE_MINIMUM
    ? ok(`Node ${nodeVersion}`)
    : problem(`Node must be ${NODE_MINIMUM} or later, got ${nodeVersion} [NodeTooOld]`);
}

function library({ installed }: Machine): Finding {
  const found = installed('aws-cdk-lib')?.version;
  const wanted = peerDependencies['aws-cdk-lib'];
  if (found === undefined) return note('aws-cdk-lib is not in node_modules here; a Python app has its own');
  const [major, minor] = found.split('.').map(Number);
  const [least, leastMinor] = wanted.replace('^', '').split('.').map(Number);
  return major === least && minor >= leastMinor
    ? ok(`aws-cdk-lib ${found}`)
    : problem(`aws-cdk-lib must be ${wanted}, got ${found}: npm install aws-cdk-lib@${wanted} [CdkLibVersion]`);
}

/** A CLI older than the library, by the format that they share, cannot read what the library writes. */
function cli({ cdkCli, installed }: Machine, needs?: AssemblyNeeds): Finding {
  const works = `aws-cdk@${devDependencies['aws-cdk']}`;
  const found = cdkCli();
  if (found === undefined) {
    return note(`there is no CDK CLI here; npx ${works} is known to work`);
  }
  const reads = major(found.devDependencies?.[SCHEMA]);
  const written = needs?.schema ?? major(installed('aws-cdk-lib')?.dependencies?.[SCHEMA]);
  if (reads === undefined || written === undefined) {
    return note(`aws-cdk ${found.version}: cannot say which assemblies it reads; ${works} is known to work`);
  }
  return reads >= written
    ? ok(`aws-cdk ${found.version} (the CDK CLI)`)
    : problem(
        `aws-cdk must read assemblies of version ${written}, and ${found.version} reads up to ${reads}: ` +
          `npm install --save-dev ${works} [CdkCliTooOld]`,
      );
}

/** `^55.3.0`, `>=55.5.0` and `43.1.0` begin with a number that says it all. */
function major(range: string | undefined): number | undefined {
  const [digits] = /\d+/.exec(range ?? '') ?? [];
  return digits === undefined ? undefined : Number(digits);
}

function docker({ has }: Machine, needs?: AssemblyNeeds): Finding[] {
  if (needs === undefined || needs.images.length === 0) return [];
  const stacks = needs.images.join(', ');
  if (has('docker')) return [ok(`docker, which builds an image of ${stacks}`)];
  return [
    problem(
      `docker must be there to build an image of ${stacks}, and is not: install Docker, ` +
        'or take an image that exists with ContainerImage.fromEcrRepository [NoDocker]',
    ),
  ];
}

async function ofAccount(account: Account, needs?: AssemblyNeeds): Promise<Finding[]> {
  let where: string;
  try {
    const identity = await account.identity();
    where = `account ending in ${identity.account.slice(-4)}, ${identity.region}`;
  } catch (error) {
    const why = (error as Error).message;
    return [problem(`credentials must work, and do not: ${why}; try aws sso login or AWS_PROFILE [NoCredentials]`)];
  }
  return [ok(`credentials (${where})`), await bootstrap(account, needs), ...(await quotas(account, needs))];
}

async function bootstrap(account: Account, needs?: AssemblyNeeds): Promise<Finding> {
  const { parameter, version } = needs?.bootstrap ?? BOOTSTRAP;
  try {
    const found = await account.bootstrapVersion(parameter);
    if (found !== undefined && found >= version) return ok(`bootstrapped for CDK, version ${found}`);
    const got = found === undefined ? 'is not' : `has version ${found}`;
    return problem(
      `the account must be bootstrapped for CDK, version ${version} or later, and ${got}: npx cdk bootstrap [NotBootstrapped]`,
    );
  } catch (error) {
    return note(`bootstrap: cannot say, ${(error as Error).message}`);
  }
}

/** Fleets of an update run side by side, and a quota that holds one of them stops the first update, not the first deploy. */
async function quotas(account: Account, needs?: AssemblyNeeds): Promise<Finding[]> {
  if (needs === undefined) return [note('quotas: name the folder that cdk synth has written to compare them')];
  let allowed: ReadonlyMap<string, number>;
  try {
    allowed = await account.endpointQuotas();
  } catch (error) {
    return [note(`quotas: cannot say, ${(error as Error).message}`)];
  }
  return needs.instances.map(({ stack, instanceType, peak, engine }) => {
    if (instanceType === null) {
      const why = engine
        ? 'its instances are known at deployment only, and no quota is compared then; give hosting literal values'
        : 'the config of an endpoint is not in its template';
      return note(`quotas: cannot say what ${stack} needs, ${why}`);
    }
    const quota = allowed.get(instanceType);
    if (peak === null) return note(`quota of ${instanceType}: only the deployment knows how many ${stack} needs`);
    if (quota === undefined) return note(`quota of ${instanceType}: AWS names none; ${stack} needs ${peak}`);
    const fits = `${stack} needs ${peak} at its peak, the quota is ${quota}`;
    return peak <= quota
      ? ok(`${instanceType}: ${fits} (what else runs counts too)`)
      : problem(
          `the quota '${instanceType} for endpoint usage' must hold every fleet of an update at once: ${fits}; ` +
            `${engine ? 'a rollout is refused until it does; ' : ''}ask for more in Service Quotas [QuotaTooSmall]`,
        );
  });
}
