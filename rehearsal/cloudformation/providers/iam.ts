import type { PolicyDocument } from '../../iam';
import { managedPolicy } from '../../iam-managed-policies';
import type { Properties, ResourceProvider, ResourceRequest } from '../resource-provider';
import { arnOf } from './passive';

type Document = PolicyDocument;

/** The roles of a world and every policy that is attached to them. */
export class Roles {
  private readonly own = new Map<string, readonly Document[]>();
  private readonly attached = new Map<string, Map<string, Document>>();

  /** Names of all roles that a template has drawn. */
  public get names(): readonly string[] {
    return [...this.own.keys()];
  }

  /** What a role may do, by its name or ARN. */
  public policies(role: string): readonly Document[] {
    const name = role.split('/').at(-1) as string;
    return [...(this.own.get(name) ?? []), ...(this.attached.get(name)?.values() ?? [])];
  }

  public set(name: string, documents: readonly Document[]): void {
    this.own.set(name, documents);
  }

  public remove(name: string): void {
    this.own.delete(name);
  }

  public attach(role: string, id: string, document: Document): void {
    const policies = this.attached.get(role) ?? new Map<string, Document>();
    this.attached.set(role, policies.set(id, document));
  }

  public detach(id: string): void {
    for (const policies of this.attached.values()) policies.delete(id);
  }
}

// source: iam-role
export function roleProvider(roles: Roles): ResourceProvider {
  const put = (request: ResourceRequest, name: string, properties: Properties) => {
    const inline = (properties['Policies'] ?? []).map(
      ({ PolicyDocument }: { PolicyDocument: Document }) => PolicyDocument,
    );
    const managed = (properties['ManagedPolicyArns'] ?? []).flatMap((arn: string) => managedPolicy(arn) ?? []);
    roles.set(name, [...inline, ...managed]);
    const path: string = properties['Path'] ?? '/';
    const arn = arnOf(request, `${path.slice(1)}${name}`);
    return { id: name, attributes: { RoleName: name, Arn: arn, RoleId: `AROA${name}` } };
  };
  return {
    async create(request, properties) {
      return put(request, properties['RoleName'] ?? `${request.stack.name}-${request.generatedName}`, properties);
    },
    async update(request, properties, physical) {
      return put(request, physical.id, properties);
    },
    async delete(_request, { id }) {
      roles.remove(id);
    },
  };
}

/** `AWS::IAM::Policy` and `AWS::IAM::ManagedPolicy`: documents attached to roles. */
// source: iam-role
export function policyProvider(roles: Roles): ResourceProvider {
  const put = (request: ResourceRequest, id: string, properties: Properties) => {
    roles.detach(id);
    for (const role of properties['Roles'] ?? []) roles.attach(role, id, properties['PolicyDocument']);
    return { id, attributes: { Id: id, PolicyArn: arnOf(request, id), PolicyId: id } };
  };
  return {
    async create(request, properties) {
      return put(request, request.generatedName, properties);
    },
    async update(request, properties, physical) {
      return put(request, physical.id, properties);
    },
    async delete(_request, { id }) {
      roles.detach(id);
    },
  };
}
