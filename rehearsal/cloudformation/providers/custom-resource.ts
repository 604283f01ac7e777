import type { Wire, WireRequest } from '../../lambda/wire';
import type { Json } from '../../services/service';
import type { Clock } from '../../time/clock';
import {
  type Physical,
  type Properties,
  ResourceFailure,
  type ResourceProvider,
  type ResourceRequest,
} from '../resource-provider';
import type { Functions } from './lambda';

/** Where handlers put their answers. */
export const RESPONSE_HOST = 'cloudformation-custom-resource-response-useast1.s3.amazonaws.com';
/** Bytes a response may have. */
const RESPONSE_BYTES = 4096;
/** Seconds CloudFormation waits for an answer when the resource does not say. */
const SERVICE_TIMEOUT = 3600;
/** An asynchronous invocation that failed is tried twice more, after these waits. */
const RETRY_SECONDS = [60, 120];

interface Answer {
  readonly Status?: string;
  readonly Reason?: string;
  readonly PhysicalResourceId?: string;
  readonly Data?: Properties;
}

/** Custom resources: the handler is called with CloudFormation's event and answers by HTTP, or never. */
export class CustomResourceProvider implements ResourceProvider {
  private readonly waiting = new Map<string, (answer: Answer | 'too long') => void>();
  private requests = 0;

  constructor(
    private readonly clock: Clock,
    private readonly functions: Functions,
  ) {}

  /** The bucket behind the response URLs. */
  // source: cloudformation-custom-resource
  public readonly bucket: Wire = (request: WireRequest) => {
    const answer = this.waiting.get(request.path);
    if (request.method !== 'PUT' || answer === undefined) return { status: 403, headers: {}, body: '', delayMs: 0 };
    answer(request.body.length > RESPONSE_BYTES ? 'too long' : JSON.parse(request.body.toString()));
    return { status: 200, headers: {}, body: '', delayMs: 0 };
  };

  public create(request: ResourceRequest, properties: Properties): Promise<Physical> {
    return this.ask('Create', request, properties, undefined, undefined);
  }

  public update(
    request: ResourceRequest,
    properties: Properties,
    physical: Physical,
    before: Properties,
  ): Promise<Physical> {
    return this.ask('Update', request, properties, physical, before);
  }

  public async delete(request: ResourceRequest, physical: Physical, properties: Properties): Promise<void> {
    await this.ask('Delete', request, properties, physical, undefined);
  }

  // source: cloudformation-custom-resource
  private async ask(
    type: 'Create' | 'Update' | 'Delete',
    { stack, logicalId, type: resourceType }: ResourceRequest,
    properties: Properties,
    physical: Physical | undefined,
    before: Properties | undefined,
  ): Promise<Physical> {
    const id = `00000000-0000-4000-8000-${String(++this.requests).padStart(12, '0')}`;
    const path = `/${encodeURIComponent(`${stack.id}|${logicalId}|${id}`)}`;
    const event = {
      RequestType: type,
      ServiceToken: properties['ServiceToken'],
      ResponseURL: `https://${RESPONSE_HOST}${path}`,
      StackId: stack.id,
      RequestId: id,
      ResourceType: resourceType,
      LogicalResourceId: logicalId,
      ...(physical && { PhysicalResourceId: physical.id }),
      ResourceProperties: texts(properties),
      ...(before && { OldResourceProperties: texts(before) }),
    };
    const lambda = this.functions.get(properties['ServiceToken']);
    const seconds = Number(properties['ServiceTimeout'] ?? SERVICE_TIMEOUT);
    const answer = await this.answer(path, seconds, () => lambda.invoke(event));
    if (answer === undefined) {
      throw new ResourceFailure(
        'CloudFormation did not receive a response from your custom resource. Please check your logs for requestId ' +
          `[${id}]. If you are using the Python cfn-response module, you may need to update your Lambda function code.`,
      );
    }
    if (answer === 'too long') throw new ResourceFailure('Response object is too long.');
    const name = answer.PhysicalResourceId ?? physical?.id;
    const made =
      name === undefined ? undefined : { id: name, attributes: { PhysicalResourceId: name, ...answer.Data } };
    if (answer.Status !== 'SUCCESS') {
      const why = answer.Reason ?? 'no reason given';
      throw new ResourceFailure(
        `Received response status [FAILED] from custom resource. Message returned: ${why}`,
        made,
      );
    }
    if (made === undefined) throw new ResourceFailure('Invalid PhysicalResourceId');
    return made;
  }

  private answer(path: string, seconds: number, invoke: () => Promise<{ readonly ok: boolean }>) {
    return new Promise<Answer | 'too long' | undefined>((resolve, reject) => {
      const end = (answer: Answer | 'too long' | undefined) => {
        this.waiting.delete(path);
        this.clock.cancel(timer);
        resolve(answer);
      };
      const timer = this.clock.after(1000 * seconds, () => end(undefined));
      this.waiting.set(path, end);
      const attempt = async (retries: readonly number[]): Promise<void> => {
        const { ok } = await invoke();
        if (ok || retries.length === 0) return;
        await this.clock.sleep(1000 * retries[0]);
        if (this.waiting.has(path)) await attempt(retries.slice(1));
      };
      attempt(RETRY_SECONDS).catch(reject);
    });
  }
}

/** Numbers and booleans reach a handler as text. */
// source: cloudformation-custom-resource-text
function texts(value: Json): Json {
  if (Array.isArray(value)) return value.map(texts);
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, texts(item)]));
  }
  return value === undefined || value === null ? value : String(value);
}
