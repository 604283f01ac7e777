import type { Construct } from 'constructs';
import { Fleet } from '../bases/fleet';
import { Problems } from '../private/problems';
import { EndpointBase, endpointArnOf, requireEndpointName, VARIANT } from './endpoint-base';

/** What is known of an endpoint that was made elsewhere. */
export interface EndpointAttributes {
  /** The endpoint's name. */
  readonly endpointName: string;
  /**
   * The endpoint's ARN.
   *
   * @default - an endpoint of the stack's account and region
   */
  readonly endpointArn?: string;
  /**
   * The variant whose metrics are read. Endpoints that were made by other tools often call it `AllTraffic`.
   *
   * @default 'a'
   */
  readonly variantName?: string;
}

/** An endpoint that somebody else owns: to be called and measured, never to be changed. */
export class ImportedEndpoint extends EndpointBase {
  public readonly endpointName: string;
  public readonly endpointArn: string;
  public readonly variant: Fleet;

  constructor(scope: Construct, id: string, attributes: EndpointAttributes) {
    const { endpointName, endpointArn = endpointArnOf(scope, endpointName), variantName = VARIANT } = attributes;
    super(scope, id, { environmentFromArn: endpointArn });
    const problems = new Problems('Endpoint');
    requireEndpointName(problems, endpointName);
    problems.throwIfAny(this);
    this.endpointName = endpointName;
    this.endpointArn = endpointArn;
    this.variant = new Fleet({ endpointName, variantName, fingerprint: 'imported' });
  }
}
