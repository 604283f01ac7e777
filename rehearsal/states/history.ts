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
  const text = JSON.stringify(value);
  // A UTF-8 byte count is never below the count of characters, and at most three times it.
  if (text === undefined || text.length * 3 <= MAXIMUM_PAYLOAD_BYTES) return false;
  return Buffer.byteLength(text) > MAXIMUM_PAYLOAD_BYTES;
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
