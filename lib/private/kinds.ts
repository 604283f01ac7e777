import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { Problems } from './problems';

/**
 * What a prop may be, and something that only this has. Not its class: an instance may come from another copy of its
 * package, or from Python.
 */
const KINDS = {
  AutoScaling: ['_bind'],
  CapacitySize: ['instancesOf'],
  ContainerImage: ['bind'],
  Duration: ['toSeconds'],
  GuardrailStrategy: ['plan', 'bind'],
  Hosting: ['_renderVariant'],
  IAlarmRef: ['alarmRef'],
  IBucket: ['s3UrlForObject'],
  IKey: ['keyArn'],
  IModelRef: ['modelRef'],
  IRepository: ['repositoryUriForTagOrDigest'],
  IRole: ['roleArn', 'grantPrincipal'],
  ISecurityGroup: ['securityGroupId'],
  IVpc: ['selectSubnets'],
  ModelData: ['bind'],
  RollbackAlarm: ['bind'],
  Size: ['toGibibytes'],
} as const;

/** `?` may be left out; `[]` is a list of them; `text` and `structure` are JavaScript's own. */
export type Kind = `${keyof typeof KINDS | 'text' | 'structure'}${'' | '[]'}${'' | '?'}`;

/** The compiler tells TypeScript, and jsii tells Python; nobody tells plain JavaScript what belongs where. */
export function requireKinds<Props extends object>(
  owner: string,
  props: Props,
  kinds: { readonly [name in keyof Props]?: Kind },
  scope?: IConstruct,
): void {
  const problems = new Problems(owner);
  addWrongKinds(problems, '', props, kinds);
  problems.throwIfAny(scope);
}

/**
 * The same for a structure inside of another; `where` is what its names begin with, such as `shadow.`.
 *
 * @returns whether there is nothing to add
 */
export function addWrongKinds(
  problems: Problems,
  where: string,
  props: unknown,
  kinds: { readonly [name: string]: Kind | undefined },
): boolean {
  const before = problems.messages.length;
  if (typeof props !== 'object' || props === null) {
    problems.add('WrongType', `${where === '' ? 'props' : where.slice(0, -1)} must be a structure, got ${told(props)}`);
    return false;
  }
  for (const [name, kind] of Object.entries(kinds) as [string, Kind][]) {
    const value = (props as { readonly [name: string]: unknown })[name];
    if (value === undefined && kind.endsWith('?')) continue;
    const one = kind.replace(/(\[\])?\??$/, '');
    if (!/\[\]/.test(kind)) {
      problems.require(is(one, value), 'WrongType', () => `${where}${name} must be ${a(one)}, got ${told(value)}`);
      continue;
    }
    if (Token.isUnresolved(value)) continue;
    if (!Array.isArray(value)) {
      problems.add('WrongType', `${where}${name} must be a list of ${one}, got ${told(value)}`);
      continue;
    }
    value.forEach((each, index) => {
      problems.require(
        is(one, each),
        'WrongType',
        () => `${where}${name}[${index}] must be ${a(one)}, got ${told(each)}`,
      );
    });
  }
  return problems.messages.length === before;
}

function is(kind: string, value: unknown): boolean {
  if (kind === 'text') return typeof value === 'string' || Token.isUnresolved(value);
  if (typeof value !== 'object' || value === null) return false;
  return kind === 'structure' || KINDS[kind as keyof typeof KINDS].every((name) => name in value);
}

const a = (kind: string) => (kind === 'text' ? 'text' : `${/^[AI]/.test(kind) ? 'an' : 'a'} ${kind}`);

/** For people: what was received. */
function told(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return 'a list';
  const { name } = value.constructor ?? {};
  return name === undefined || name === 'Object' ? 'a structure' : a(name);
}
