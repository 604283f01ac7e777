import { sessionOf } from '../engine/approvers';
import type { PolicyDocument } from '../iam';
import { awsJson } from '../lambda/aws-json';
import type { AwsWire, SdkCall } from '../lambda/aws-wire';
import type { WireRequest } from '../lambda/wire';
import { AwsError } from '../services';
import type { Caller } from './caller';
import { type Answer, actionOf, notServed, refuse } from './refusal';

/** Every API that the commands of whoever is on call use, and the member of its input without which it asks for nothing. */
const NAMED: Readonly<Record<string, string>> = {
  'dynamodb:GetItem': 'TableName',
  'dynamodb:Query': 'TableName',
  'sagemaker:DescribeEndpoint': 'EndpointName',
  'ssm:GetParameter': 'Name',
};

/** The APIs that are served, as IAM names them; the function URL is the one more. */
export const SERVED: readonly string[] = Object.keys(NAMED);

/** What `grantOperate` of a deployment gives, without its resources: there is one deployment. */
const OPERATE = [
  { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: SERVED, Resource: '*' }] },
] as unknown as readonly PolicyDocument[];

/** Answers a signed request for an API. It takes no time, and draws nothing: to look changes nothing. */
export async function answerApi(
  request: WireRequest,
  caller: Caller,
  { wire, region, principal }: { readonly wire: AwsWire; readonly region: string; readonly principal: string },
): Promise<Answer> {
  const { service } = caller;
  const refused = (code: string, message: string) => refuse(request, service, new AwsError(code, message));
  const action = actionOf(request, service);
  if (!SERVED.includes(action)) return notServed(request, service, SERVED.join(', '));
  if (caller.region !== region) {
    return refused('ValidationException', `rollouts serve has region ${region} alone, got ${caller.region}`);
  }
  const call = read(request);
  if (call === undefined || `${call.service}:${call.operation}` !== action) {
    return refused('SerializationException', `this is no request for ${action}`);
  }
  if (typeof call.input?.[NAMED[action]] !== 'string') {
    return refused('ValidationException', `${NAMED[action]} of ${action} must be a text`);
  }
  try {
    const session = sessionOf(principal).split('/').at(-1) ?? '';
    const output = await wire.call(call, { roleArn: principal, session, policies: () => OPERATE });
    return asAsked(request, awsJson.reply(call, output));
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return asAsked(request, awsJson.refuse(call, error));
  }
}

function read(request: WireRequest): SdkCall | undefined {
  try {
    return awsJson.read(request);
  } catch {
    // Another service's target, or a body that is no JSON.
    return undefined;
  }
}

/** `application/x-amz-json-1.0` is answered in 1.0, 1.1 in 1.1. */
function asAsked({ headers }: WireRequest, answer: Answer): Answer {
  const { 'content-type': type = 'application/x-amz-json-1.1' } = headers;
  return { ...answer, headers: { ...answer.headers, 'content-type': type } };
}
