import type { CustomResourceEvent, Respond } from '../aws/cloudformation';
import type { DescribeServing } from '../aws/sagemaker';
import { type Answer, isServing } from './serving';

/** What the job needs of the world. */
export interface VerifyServingPorts {
  readonly describe: DescribeServing;
  readonly respond: Respond;
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Milliseconds; only differences count. */
  readonly now: () => number;
}

/** SageMaker's reads are eventually consistent, so an answer counts when it is given twice, this far apart. */
const PAUSE_MS = 10_000;
/** How long to look. The function's own time-out is a minute later. */
const PATIENCE_MS = 4 * 60_000;
/** CloudFormation takes answers of at most 4096 bytes; a character has at most 6 of them in JSON. */
const REASON_CHARACTERS = 500;

/** Tells CloudFormation whether the requested config serves. Only a clear yes is a success. */
export function verifyServing(ports: VerifyServingPorts): (event: CustomResourceEvent) => Promise<void> {
  return async (event) => {
    const answer = event.RequestType === 'Delete' ? GONE : await decide(ports, event);
    const body = JSON.stringify({
      Status: answer.kind === 'yes' ? 'SUCCESS' : 'FAILED',
      Reason: answer.reason.slice(0, REASON_CHARACTERS),
      // The same for every version: an update never looks like a replacement.
      PhysicalResourceId: event.PhysicalResourceId ?? event.LogicalResourceId,
      StackId: event.StackId,
      RequestId: event.RequestId,
      LogicalResourceId: event.LogicalResourceId,
    });
    await respond(ports, event.ResponseURL, body);
  };
}

/** There is nothing to verify of what goes away. */
const GONE: Answer = { kind: 'yes', reason: 'nothing to verify' };

async function decide(ports: VerifyServingPorts, event: CustomResourceEvent): Promise<Answer> {
  const { EndpointName: endpoint, EndpointConfigName: requested } = event.ResourceProperties;
  if (typeof endpoint !== 'string' || endpoint === '' || typeof requested !== 'string' || requested === '') {
    return { kind: 'cannotSay', reason: 'EndpointName and EndpointConfigName must be names' };
  }
  const deadline = ports.now() + PATIENCE_MS;
  let last: Answer | undefined;
  for (;;) {
    const answer = await look(ports, endpoint, requested);
    if (answer.kind !== 'cannotSay' && answer.kind === last?.kind) return answer;
    last = answer;
    if (ports.now() + PAUSE_MS > deadline) {
      return { kind: 'cannotSay', reason: `it is not known what serves ${endpoint}: ${last.reason}` };
    }
    await ports.wait(PAUSE_MS);
  }
}

/** A call that is refused, throttled or broken says nothing. */
async function look(ports: VerifyServingPorts, endpoint: string, requested: string): Promise<Answer> {
  try {
    return isServing(requested, await ports.describe(endpoint));
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
    return { kind: 'cannotSay', reason: `${name}: ${message}` };
  }
}

/** An answer that is lost leaves the stack waiting for its time-out, so it is given more than once. */
async function respond(ports: VerifyServingPorts, url: string, body: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ports.respond(url, body);
    } catch (error) {
      if (attempt === 3) throw error;
      await ports.wait(1000 * attempt);
    }
  }
}
