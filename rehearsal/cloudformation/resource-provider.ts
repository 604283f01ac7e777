import type { Json } from '../services/service';

/** Where a stack is. */
export interface StackIdentity {
  readonly name: string;
  readonly id: string;
  readonly region: string;
  readonly account: string;
}

export type Properties = Readonly<Record<string, Json>>;

/** Which resource a provider is asked about. */
export interface ResourceRequest {
  readonly stack: StackIdentity;
  readonly logicalId: string;
  readonly type: string;
  /** A name as CloudFormation makes them up, for a resource that has none of its own. */
  readonly generatedName: string;
}

/** A resource as its service knows it: the attributes that Ref and GetAtt return. */
export interface Physical {
  readonly id: string;
  readonly attributes: Properties;
}

/** What creates, changes and deletes the resources of one type. An error it throws fails the stack's operation. */
export interface ResourceProvider {
  create(request: ResourceRequest, properties: Properties): Promise<Physical>;
  /** A change in place. */
  update(request: ResourceRequest, properties: Properties, physical: Physical, before: Properties): Promise<Physical>;
  delete(request: ResourceRequest, physical: Physical, properties: Properties): Promise<void>;
}

/** A reason why a resource failed that CloudFormation shows its user; anything else thrown is a defect of the world. */
export class ResourceFailure extends Error {
  constructor(
    message: string,
    /** What was made before it failed, and must be deleted again. */
    public readonly physical?: Physical,
  ) {
    super(message);
  }
}
