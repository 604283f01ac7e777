import type { Protocol, SdkCall } from '../../lambda/aws-wire';
import type { WireRequest } from '../../lambda/wire';
import type { AwsError } from '../aws-error';
import type { Json } from '../service';
import { declaration, elements, xml } from '../xml';

/** `Name.entry.1.Name=x&Name.entry.1.Value.StringValue=y` as the map that it is. */
function unfold(form: URLSearchParams): Record<string, Json> {
  const input: Record<string, Json> = {};
  const maps = new Map<string, Map<string, Record<string, Json>>>();
  for (const [name, value] of form) {
    const entry = /^(\w+)\.entry\.(\d+)\.(\w+)(?:\.(\w+))?$/.exec(name);
    if (entry === null) {
      if (name !== 'Action' && name !== 'Version') input[name] = value;
      continue;
    }
    const [, map, index, part, member] = entry;
    const entries = maps.get(map) ?? new Map<string, Record<string, Json>>();
    maps.set(map, entries);
    const one = entries.get(index) ?? {};
    entries.set(index, one);
    if (member === undefined) one[part] = value;
    else one[part] = { ...one[part], [member]: value };
  }
  for (const [name, entries] of maps) {
    input[name] = Object.fromEntries([...entries.values()].map(({ Name, Value }) => [Name, Value]));
  }
  return input;
}

/** What a list holds are its members. */
function membersOf(value: Json): Json {
  if (Array.isArray(value)) return { member: value.map(membersOf) };
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, membersOf(item)]));
}

/** AWS's query protocol, which SNS and CloudFormation speak: a form goes in, XML comes out. */
// source: aws-query-protocol
export const queryWire: Protocol = {
  read(request: WireRequest): SdkCall | undefined {
    if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return undefined;
    const service = request.host.split('.')[0];
    const form = new URLSearchParams(request.body.toString());
    const operation = form.get('Action');
    return operation === null ? undefined : { service, operation, input: unfold(form) };
  },

  reply({ operation }: SdkCall, output: Json) {
    const metadata = elements({ ResponseMetadata: { RequestId: 'REHEARSAL' } });
    const result = elements(membersOf(output));
    const body = `<${operation}Response><${operation}Result>${result}</${operation}Result>${metadata}</${operation}Response>`;
    return { status: 200, headers: xml, body: declaration + body };
  },

  refuse(_call: SdkCall, error: AwsError) {
    const told = { Type: error.status < 500 ? 'Sender' : 'Receiver', Code: error.code, Message: error.message };
    const body = `<ErrorResponse>${elements({ Error: told, RequestId: 'REHEARSAL' })}</ErrorResponse>`;
    return { status: error.status, headers: xml, body: declaration + body };
  },
};
