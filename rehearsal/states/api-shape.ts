import type { Json } from '../services/service';

/** Services whose own API is camelCase; Step Functions speaks PascalCase with all of them. */
const camelCased = new Set(['sfn']);

const lower = (key: string) => `${key[0].toLowerCase()}${key.slice(1)}`;
const upper = (key: string) => `${key[0].toUpperCase()}${key.slice(1)}`;

function renamed(value: Json, rename: (key: string) => string): Json {
  if (Array.isArray(value)) return value.map((item) => renamed(item, rename));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [rename(key), renamed(item, rename)]));
}

/** The parameters of a Task as the service's own API takes them. */
// source: sfn-sdk-integrations
export function toApi(service: string, parameters: Json): Json {
  if (!camelCased.has(service) || parameters === null || typeof parameters !== 'object') return parameters;
  const input = Object.fromEntries(Object.entries(parameters).map(([key, value]) => [lower(key), value]));
  const { input: payload } = input;
  return payload === undefined || typeof payload === 'string' ? input : { ...input, input: JSON.stringify(payload) };
}

const timed = /(Time|Date|Timestamp)s?$/;

/** Points of time are seconds on the wire and text in a state; models name them so. */
function withTimes(value: Json, key: string): Json {
  if (typeof value === 'number') return timed.test(key) ? new Date(value * 1000).toISOString() : value;
  if (Array.isArray(value)) return value.map((item) => withTimes(item, key));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withTimes(item, name)]));
}

/** A reply as a state sees it: plain JSON, PascalCase, times as ISO text; optimized integrations add what the SDK met. */
// source: sfn-sdk-integrations
export function fromApi(api: { service: string; optimized: boolean }, reply: Json, requestId: string): Json {
  // A function's answer is its own business, whatever its fields are called; it has come as JSON.
  const told = api.service === 'lambda' ? reply : withTimes(JSON.parse(JSON.stringify(reply ?? {})), '');
  const named = camelCased.has(api.service) ? renamed(told, upper) : told;
  if (!api.optimized) return named;
  return { ...named, SdkHttpMetadata: { HttpStatusCode: 200 }, SdkResponseMetadata: { RequestId: requestId } };
}
