import { assumedRoleArn, denialMessage, evaluateAccess, type PolicyDocument, type RequestContext } from '../iam';
import type { WorldLog } from '../log';
import { AwsError } from '../services/aws-error';
import type { AwsService, Json } from '../services/service';
import type { RandomStream } from '../time/random';
import type { Wire, WireReply, WireRequest } from './wire';

/** A request of an SDK, understood. */
export interface SdkCall {
  readonly service: string;
  readonly operation: string;
  readonly input: Json;
}

/** How one family of services puts calls on the wire. */
export interface Protocol {
  /** Undefined when the request is not in this protocol. */
  read(request: WireRequest): SdkCall | undefined;
  reply(call: SdkCall, output: Json): Omit<WireReply, 'delayMs'>;
  refuse(call: SdkCall, error: AwsError): Omit<WireReply, 'delayMs'>;
}

/** A service that can say which ARNs a request touches; without it, IAM is asked for `*`. */
export interface AuthorizedService extends AwsService {
  resourcesOf(operation: string, input: Json): readonly string[];
}

/** Who is calling: a role in use, and what it may do. */
export interface Principal {
  readonly roleArn: string;
  readonly session: string;
  readonly policies: () => readonly PolicyDocument[];
}

/** One request that IAM has allowed: who made it, and what for. */
export interface Access {
  readonly roleArn: string;
  readonly action: string;
  readonly resource: string;
  /** @default - no condition keys */
  readonly context?: RequestContext;
}

/** One dispatcher for everything that a sandboxed handler asks of AWS. */
export class AwsWire {
  private readonly services = new Map<string, AwsService>();
  private readonly protocols: Protocol[] = [];
  private readonly hosts = new Map<string, Wire>();
  private watcher: ((access: Access) => void) | undefined;

  constructor(
    private readonly log: WorldLog,
    private readonly random: RandomStream,
  ) {}

  public addService(service: AwsService): void {
    this.services.set(service.name, service);
  }

  public addProtocol(protocol: Protocol): void {
    this.protocols.push(protocol);
  }

  /** Requests to this host go to `wire`, whatever protocol they speak. */
  public addHost(host: string, wire: Wire): void {
    this.hosts.set(host, wire);
  }

  /** Called with every request that IAM allows. */
  public onAccess(watcher: (access: Access) => void): void {
    this.watcher = watcher;
  }

  /** The wire as a role sees it. */
  public as(principal: Principal): Wire {
    return async (request) => ({
      ...(await this.answer(request, principal)),
      // source: aws-latency
      delayMs: Math.round(10 + 60 * this.random()),
    });
  }

  private async answer(request: WireRequest, principal: Principal): Promise<Omit<WireReply, 'delayMs'>> {
    const host = this.hosts.get(request.host);
    if (host !== undefined) return host(request);
    for (const protocol of this.protocols) {
      const call = protocol.read(request);
      if (call === undefined) continue;
      try {
        return protocol.reply(call, await this.call(call, principal));
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        this.log.record('aws', 'CallRefused', `${call.service}:${call.operation} ${error.code}: ${error.message}`);
        return protocol.refuse(call, error);
      }
    }
    throw new Error(`no service behind ${request.method} https://${request.host}${request.path} is rehearsed`);
  }

  /** A call in the name of a role, without a wire: what state machines make. */
  public async call({ service: name, operation, input }: SdkCall, principal: Principal): Promise<Json> {
    const service = this.services.get(name);
    if (service === undefined) throw new Error(`the service '${name}' (${operation}) is not rehearsed`);
    this.authorize(service, operation, input, principal);
    return service.invoke(operation, input);
  }

  // source: iam-evaluation-logic
  private authorize(service: AwsService, operation: string, input: Json, principal: Principal): void {
    const resources = 'resourcesOf' in service ? (service as AuthorizedService).resourcesOf(operation, input) : ['*'];
    for (const resource of resources) {
      const action = service.actionOf?.(operation) ?? `${service.name}:${operation}`;
      const request = { action, resource, context: service.contextOf?.(operation, input) };
      const decision = evaluateAccess(principal.policies(), request);
      if (decision.allowed) {
        this.watcher?.({ roleArn: principal.roleArn, ...request });
        continue;
      }
      const who = assumedRoleArn(principal.roleArn, principal.session);
      throw new AwsError('AccessDeniedException', denialMessage(who, request, decision));
    }
  }
}
