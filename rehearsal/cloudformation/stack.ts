import type { WorldLog } from '../log';
import { AwsError } from '../services/aws-error';
import type { Json } from '../services/service';
import type { Clock } from '../time/clock';
import type { RandomStream } from '../time/random';
import { dependencies, dependents } from './dependencies';
import { changes, type Held, intrinsicsOf } from './held';
import { inOrder, type OrderFailure } from './in-order';
import type { Intrinsics } from './intrinsics';
import {
  type Properties,
  ResourceFailure,
  type ResourceProvider,
  type ResourceRequest,
  type StackIdentity,
} from './resource-provider';
import { OTHER, resourceType } from './resource-types';
import type { Template, TemplateResource } from './template';

/** What was done to one resource in a deployment, and what must be done should it be taken back. */
interface Done {
  readonly id: string;
  readonly before: Held | undefined;
  readonly after: Held;
  readonly replaced: boolean;
}

/** How a deployment has ended. */
export type StackStatus =
  | 'CREATE_COMPLETE'
  | 'ROLLBACK_COMPLETE'
  | 'UPDATE_COMPLETE'
  | 'UPDATE_ROLLBACK_COMPLETE'
  | 'UPDATE_ROLLBACK_FAILED';

/** What a stack does while it is deployed. */
type StackWork =
  | 'REVIEW_IN_PROGRESS'
  | 'CREATE_IN_PROGRESS'
  | 'ROLLBACK_IN_PROGRESS'
  | 'UPDATE_IN_PROGRESS'
  | 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'
  | 'UPDATE_ROLLBACK_IN_PROGRESS';

export interface StackResult {
  readonly status: StackStatus;
  /** Why it was rolled back; undefined after success. */
  readonly reason: string | undefined;
}

export interface StackPorts {
  readonly clock: Clock;
  readonly log: WorldLog;
  readonly random: RandomStream;
  /** Undefined for a type that is not rehearsed. */
  readonly provider: (type: string) => ResourceProvider | undefined;
  /** What the stacks of an account and region export, by name. */
  readonly exports: Map<string, Json>;
}

/** One CloudFormation stack: deploys a template, cleans up after success, goes back after failure. */
export class Stack {
  public readonly createdAt: number;
  private held = new Map<string, Held>();
  private readonly identity: StackIdentity;
  private now: StackStatus | StackWork = 'REVIEW_IN_PROGRESS';

  constructor(
    private readonly ports: StackPorts,
    where: Omit<StackIdentity, 'id'>,
  ) {
    const id = `arn:aws:cloudformation:${where.region}:${where.account}:stack/${where.name}/00000000-0000-4000-8000-000000000000`;
    this.identity = { ...where, id };
    this.createdAt = ports.clock.now();
  }

  public get id(): string {
    return this.identity.id;
  }

  public get name(): string {
    return this.identity.name;
  }

  /** What is done with it now, or how that has ended. */
  // source: cloudformation-describe-stacks
  public get status(): StackStatus | StackWork {
    return this.now;
  }

  /** The attribute of a resource that the stack holds now. */
  public attribute(logicalId: string, name: string): Json {
    return this.held.get(logicalId)?.physical.attributes[name];
  }

  /** A resource as CloudFormation tells of it; undefined for one that the stack does not hold, or holds no more. */
  // source: cloudformation-stack-resource
  public resource(logicalId: string): Json {
    const held = this.held.get(logicalId);
    return (
      held && {
        PhysicalResourceId: held.physical.id,
        ResourceType: held.resource.Type,
        ResourceStatus: 'CREATE_COMPLETE',
        LastUpdatedTimestamp: this.ports.clock.iso(),
      }
    );
  }

  /** Creates the stack, or updates it to a new template. */
  // source: cloudformation-update
  public async deploy(template: Template): Promise<StackResult> {
    const before = this.held;
    const isUpdate = before.size > 0;
    this.refuseUnknown(template);
    this.now = isUpdate ? 'UPDATE_IN_PROGRESS' : 'CREATE_IN_PROGRESS';
    this.record(isUpdate ? 'UpdateStarted' : 'CreateStarted', `stack ${this.identity.name}`);
    const next = new Map<string, Held>();
    const intrinsics = intrinsicsOf(template, this.identity, next, this.ports.exports);
    const wanted = Object.entries(template.Resources).flatMap(([id, { Condition: condition }]) =>
      condition === undefined || intrinsics.holds(condition) ? [id] : [],
    );
    const done: Done[] = [];
    const failure = await inOrder(new Set(wanted), dependencies(template), async (id) => {
      await this.bring(id, template.Resources[id], intrinsics, before.get(id), done);
      const { after } = done.find((one) => one.id === id) as Done;
      next.set(id, after);
    });
    if (failure === undefined) {
      this.held = next;
      this.publish(template, intrinsics);
      if (isUpdate) this.now = 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS';
      await this.cleanUp(before, done);
      return this.end(isUpdate ? 'UPDATE_COMPLETE' : 'CREATE_COMPLETE', undefined);
    }
    const reason = this.told(failure);
    this.now = isUpdate ? 'UPDATE_ROLLBACK_IN_PROGRESS' : 'ROLLBACK_IN_PROGRESS';
    this.record('RollbackStarted', reason);
    const further = await this.takeBack(done);
    if (further !== undefined) return this.end('UPDATE_ROLLBACK_FAILED', `${reason}; then ${further}`);
    return this.end(isUpdate ? 'UPDATE_ROLLBACK_COMPLETE' : 'ROLLBACK_COMPLETE', reason);
  }

  // source: cloudformation-exports
  private publish({ Outputs: outputs = {} }: Template, intrinsics: Intrinsics): void {
    for (const { Export: exported, Value, Condition: condition } of Object.values(outputs)) {
      if (exported === undefined || (condition !== undefined && !intrinsics.holds(condition))) continue;
      this.ports.exports.set(intrinsics.resolve(exported.Name), intrinsics.resolve(Value));
    }
  }

  private refuseUnknown(template: Template): void {
    const types = Object.values(template.Resources).map(({ Type }) => Type);
    const unknown = [...new Set(types)].filter((type) => this.ports.provider(type) === undefined);
    if (unknown.length > 0) {
      throw new Error(`a rehearsal knows no ${unknown.sort().join(', no ')} [UnknownResourceType]`);
    }
  }

  /** Brings one resource to what the template says: creates, changes, replaces or leaves it. */
  // source: cloudformation-replacement
  private async bring(
    id: string,
    resource: TemplateResource,
    intrinsics: Intrinsics,
    before: Held | undefined,
    done: Done[],
  ): Promise<void> {
    const properties: Properties = intrinsics.resolve(resource.Properties ?? {});
    const same = before?.resource.Type === resource.Type ? before : undefined;
    const changed = changes(same?.properties ?? {}, properties);
    if (same !== undefined && changed.length === 0) {
      done.push({ id, before, after: { ...same, resource }, replaced: false });
      return;
    }
    const { replacedBy } = resourceType(resource.Type) ?? OTHER;
    const inPlace = changed.some((name) => replacedBy.includes(name)) ? undefined : same;
    await this.pace();
    this.record(inPlace ? 'ResourceUpdating' : 'ResourceCreating', `${id} (${resource.Type})`, { id });
    const provider = this.providerOf(resource.Type);
    const request = this.request(id, resource);
    try {
      const physical =
        inPlace === undefined
          ? await provider.create(request, properties)
          : await provider.update(request, properties, inPlace.physical, inPlace.properties);
      const replaced = before !== undefined && physical.id !== before.physical.id;
      done.push({ id, before, after: { resource, properties, physical }, replaced });
      this.record('ResourceReady', `${id} is ${physical.id}`, { id, physical: physical.id });
    } catch (error) {
      // What a failed operation left behind is not known: a change is changed back, a made thing is deleted.
      const made = error instanceof ResourceFailure ? error.physical : undefined;
      const physical = inPlace?.physical ?? made;
      if (physical !== undefined) {
        done.push({ id, before, after: { resource, properties, physical }, replaced: inPlace === undefined });
      }
      throw error;
    }
  }

  /** Deletes what the new template no longer has, dependents first. A deletion that fails fails nothing. */
  // source: cloudformation-cleanup
  private async cleanUp(before: ReadonlyMap<string, Held>, done: readonly Done[]): Promise<void> {
    const replaced = done.flatMap((one) => (one.replaced && one.before ? [[one.id, one.before] as const] : []));
    const removed = [...before].filter(([id]) => !this.held.has(id));
    await this.delete(new Map([...replaced, ...removed]), new Set(replaced.map(([id]) => id)));
  }

  /** Back to what was: changes first, in the old order, then what was new is deleted. */
  // source: cloudformation-rollback
  private async takeBack(done: readonly Done[]): Promise<string | undefined> {
    const changed = new Map<string, Properties>();
    for (const { id, before, after, replaced } of done) {
      if (before === undefined || replaced || changes(before.properties, after.properties).length === 0) continue;
      changed.set(id, after.properties);
    }
    const failure = await inOrder(new Set(changed.keys()), this.graph(this.held), async (id) => {
      const { resource, properties, physical } = this.held.get(id) as Held;
      await this.pace();
      this.record('ResourceUpdating', `${id} (${resource.Type}), back`, { id });
      const provider = this.providerOf(resource.Type);
      const now = await provider.update(this.request(id, resource), properties, physical, changed.get(id) ?? {});
      this.held.set(id, { resource, properties, physical: now });
    });
    if (failure !== undefined) return this.told(failure);
    const made = done.filter(({ before, replaced }) => before === undefined || replaced);
    await this.delete(new Map(made.map(({ id, after }) => [id, after])), new Set());
    return undefined;
  }

  // source: cloudformation-retain
  private async delete(going: ReadonlyMap<string, Held>, replaced: ReadonlySet<string>): Promise<void> {
    const failure = await inOrder(new Set(going.keys()), dependents(this.graph(going)), async (id) => {
      const { resource, properties, physical } = going.get(id) as Held;
      const policy = replaced.has(id) ? resource.UpdateReplacePolicy : resource.DeletionPolicy;
      if (policy === 'Retain') {
        this.record('DeleteSkipped', `${id}: ${physical.id} is retained`, { id });
        return;
      }
      await this.pace();
      this.record('ResourceDeleting', `${id}: ${physical.id}`, { id });
      try {
        await this.providerOf(resource.Type).delete(this.request(id, resource), physical, properties);
      } catch (error) {
        this.told({ id, error });
      }
    });
    if (failure !== undefined) throw failure.error;
  }

  private graph(resources: ReadonlyMap<string, Held>) {
    const present = [...resources].map(([id, { resource }]): [string, TemplateResource] => {
      const on = [resource.DependsOn ?? []].flat().filter((other) => resources.has(other));
      return [id, { ...resource, DependsOn: on }];
    });
    return dependencies({ Resources: Object.fromEntries(present) });
  }

  private providerOf(type: string): ResourceProvider {
    return this.ports.provider(type) as ResourceProvider;
  }

  private request(logicalId: string, { Type: type }: TemplateResource): ResourceRequest {
    return { stack: this.identity, logicalId, type, generatedName: this.generatedName(logicalId) };
  }

  // source: cloudformation-names
  private generatedName(logicalId: string): string {
    const letters = Array.from({ length: 12 }, () => Math.floor(this.ports.random() * 36).toString(36));
    return `${logicalId.slice(0, 24)}-${letters.join('')}`;
  }

  // source: cloudformation-pace
  private pace(): Promise<void> {
    return this.ports.clock.sleep(Math.round(2000 + 6000 * this.ports.random()));
  }

  /** Tells the log why; what is no failure of a resource is a defect of the world and stops the rehearsal. */
  private told({ id, error }: OrderFailure): string {
    if (!(error instanceof ResourceFailure || error instanceof AwsError)) throw error;
    this.record('ResourceFailed', `${id}: ${error.message}`, { id });
    return `${id}: ${error.message}`;
  }

  private end(status: StackStatus, reason: string | undefined): StackResult {
    this.now = status;
    this.record('StackStatus', reason === undefined ? status : `${status}: ${reason}`, { status });
    return { status, reason };
  }

  private record(event: string, detail: string, data: Readonly<Record<string, unknown>> = {}): void {
    this.ports.log.record('cloudformation', event, detail, { stack: this.identity.name, ...data });
  }
}
