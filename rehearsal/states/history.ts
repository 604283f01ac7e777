import { type Json, seconds } from '../services/service';

/** One event as GetExecutionHistory tells it; payloads are kept as data until somebody asks for them. */
export interface HistoryEvent {
  /** From 1, without gaps. */
  readonly id: number;
  /** The event before it on the same path of the execution; 0 for the first two. */
  readonly previousEventId: number;
  readonly type: string;
  /** Milliseconds of virtual time. */
  readonly at: number;
  readonly details: Readonly<Record<string, Json>>;
}

/** AWS ends an execution whose history grows to this. */
// source: sfn-quotas
export const MAXIMUM_EVENTS = 25_000;

/** AWS refuses an input, a result or an output above this, in UTF-8 bytes of its JSON. */
// source: sfn-quotas
export const MAXIMUM_PAYLOAD_BYTES = 262_144;

/** Whether a payload is larger than Step Functions carries. */
export function exceedsPayload(value: Json): boolean {
  if (bytesAtMost(value) <= MAXIMUM_PAYLOAD_BYTES) return false;
  return Buffer.byteLength(JSON.stringify(value) ?? '') > MAXIMUM_PAYLOAD_BYTES;
}

/** Less than this is weighed again sooner than it is found again. */
const WORTH_KNOWING = 1000;
/** Bounds of what has been weighed: most of a payload goes on from state to state as it is, and no state changes it. */
const weighed = new WeakMap<object, number>();

/** A bound of the bytes of a payload's JSON that is quick to find; a character may take six, as an escape. */
function bytesAtMost(value: Json): number {
  if (typeof value === 'string') return 6 * value.length + 2;
  if (typeof value !== 'object' || value === null) return 24;
  const known = weighed.get(value);
  if (known !== undefined) return known;
  let bytes = 2;
  if (Array.isArray(value)) for (const item of value) bytes += bytesAtMost(item) + 1;
  else for (const key of Object.keys(value)) bytes += 6 * key.length + 4 + bytesAtMost(value[key]);
  if (bytes > WORTH_KNOWING) weighed.set(value, bytes);
  return bytes;
}

function detailsName(type: string): string {
  if (type.endsWith('StateEntered')) return 'stateEnteredEventDetails';
  if (type.endsWith('StateExited')) return 'stateExitedEventDetails';
  return `${type[0].toLowerCase()}${type.slice(1)}EventDetails`;
}

const payloads = new Set(['input', 'output', 'parameters']);

/** An event in the shape of the API: details under their own key, payloads as JSON text. */
// source: sfn-history-event
export function renderEvent(event: HistoryEvent, includeData: boolean): Json {
  const details: Record<string, Json> = {};
  for (const [key, value] of Object.entries(event.details)) {
    if (!payloads.has(key)) details[key] = value;
    else if (includeData) {
      details[key] = JSON.stringify(value);
      if (key !== 'parameters') details[`${key}Details`] = { truncated: false };
    }
  }
  const { id, previousEventId, type, at } = event;
  const told = { timestamp: seconds(at), type, id, previousEventId };
  const silent = Object.keys(details).length === 0 && event.type !== 'ExecutionAborted';
  return silent ? told : { ...told, [detailsName(type)]: details };
}
