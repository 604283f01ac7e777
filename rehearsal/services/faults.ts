import { AwsError } from './aws-error';
import type { AwsService, Json } from './service';

/**
 * What may go wrong with one call: AWS throttles it, denies it, fails before anything happened, fails to answer after it
 * did what it was asked, or never answers at all.
 */
export type FaultKind = 'throttled' | 'denied' | 'failed' | 'replyLost' | 'silent';

/** A fault with an address, so that a failing case can be made smaller and told in one line. */
export interface Fault {
  /** `sagemaker:UpdateEndpoint`. */
  readonly api: string;
  /** The how-manieth call of this API it befalls, from 1. */
  readonly call: number;
  /** How many calls in a row; @default 1 */
  readonly times?: number;
  readonly kind: FaultKind;
}

const errors: Readonly<Record<Exclude<FaultKind, 'silent'>, () => AwsError>> = {
  throttled: () => new AwsError('ThrottlingException', 'Rate exceeded'),
  denied: () => new AwsError('AccessDeniedException', 'User is not authorized to perform this action'),
  failed: () => new AwsError('InternalFailure', 'The request processing has failed because of an unknown error', 500),
  replyLost: () =>
    new AwsError('InternalFailure', 'The request processing has failed because of an unknown error', 500),
};

/** Counts the calls of every API and lets the planned faults befall them; one for a whole world. */
export class Faults {
  private readonly counts = new Map<string, number>();
  private readonly left: Set<Fault>;

  /** @param asleep whether nothing is counted, and nothing strikes, before `wake` */
  constructor(
    private readonly planned: readonly Fault[],
    private asleep = false,
  ) {
    this.left = new Set(planned);
  }

  /** From now on calls are counted, from one, and faults strike. */
  public wake(): void {
    this.asleep = false;
  }

  /** Faults whose call never came: an address that hits nothing tests nothing. */
  public get unmet(): readonly Fault[] {
    return this.planned.filter((fault) => this.left.has(fault));
  }

  /** Faults that have struck. */
  public get met(): readonly Fault[] {
    return this.planned.filter((fault) => !this.left.has(fault));
  }

  /** How often each API has been called so far: where a fault may strike. */
  public get calls(): ReadonlyMap<string, number> {
    return this.counts;
  }

  /** The same service with the faults in front of it; each retry of an SDK is a call of its own. */
  // source: aws-common-errors
  public around(service: AwsService): AwsService {
    const invoke = (operation: string, input: Json): Json | Promise<Json> => {
      const fault = this.next(`${service.name}:${operation}`);
      if (fault === undefined) return service.invoke(operation, input);
      if (fault.kind === 'silent') return new Promise(() => {});
      const error = errors[fault.kind]();
      if (fault.kind !== 'replyLost') throw error;
      return lose(service.invoke(operation, input), error);
    };
    const wrapped: AwsService = { name: service.name, invoke };
    if (service.actionOf !== undefined) wrapped.actionOf = (operation) => service.actionOf?.(operation) ?? operation;
    if (service.resourcesOf !== undefined) {
      wrapped.resourcesOf = (operation, input) => service.resourcesOf?.(operation, input) ?? ['*'];
    }
    if (service.contextOf !== undefined) {
      wrapped.contextOf = (operation, input) => service.contextOf?.(operation, input) ?? {};
    }
    return wrapped;
  }

  private next(api: string): Fault | undefined {
    if (this.asleep) return undefined;
    const call = (this.counts.get(api) ?? 0) + 1;
    this.counts.set(api, call);
    const fault = this.planned.find((one) => one.api === api && call >= one.call && call < one.call + (one.times ?? 1));
    if (fault !== undefined) this.left.delete(fault);
    return fault;
  }
}

/** What was done stays done; only the answer is gone. A refusal of its own is still a refusal. */
function lose(reply: Json | Promise<Json>, error: AwsError): Promise<Json> | never {
  if (typeof reply?.then !== 'function') throw error;
  return reply.then(() => {
    throw error;
  });
}
