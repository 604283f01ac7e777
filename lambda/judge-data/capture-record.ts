/** What one line of data capture says about one answer of a model. */
export interface CaptureRecord {
  readonly inferenceId: string | null;
  readonly eventId: string | null;
  /** When the model was asked, in milliseconds since the epoch. */
  readonly time: number;
  readonly output: Payload;
}

/** A captured body and how it was written down. */
export interface Payload {
  readonly data: string;
  readonly encoding: 'CSV' | 'JSON' | 'BASE64';
  readonly contentType: string;
}

/** Why a line is no record, in a word that the evidence counts. */
export type Unusable = 'malformed' | 'too long' | 'without output' | 'without id' | 'without time';

const ENCODINGS: readonly string[] = ['CSV', 'JSON', 'BASE64'];

/**
 * Reads one line of SageMaker data capture
 * (https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html).
 */
export function captureRecord(line: string | null): CaptureRecord | Unusable {
  if (line === null) return 'too long';
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return 'malformed';
  }
  const output = field(field(parsed, 'captureData'), 'endpointOutput');
  const event = field(parsed, 'eventMetadata');
  if (event === undefined) return 'malformed';
  const data = field(output, 'data');
  const encoding = field(output, 'encoding');
  if (typeof data !== 'string' || typeof encoding !== 'string' || !ENCODINGS.includes(encoding))
    return 'without output';
  const inferenceId = identifier(field(event, 'inferenceId'));
  const eventId = identifier(field(event, 'eventId'));
  if (inferenceId === null && eventId === null) return 'without id';
  const written = field(event, 'inferenceTime');
  const time = typeof written === 'string' ? Date.parse(written) : Number.NaN;
  if (!Number.isFinite(time)) return 'without time';
  const contentType = field(output, 'observedContentType');
  return {
    inferenceId,
    eventId,
    time,
    output: {
      data,
      encoding: encoding as Payload['encoding'],
      contentType: typeof contentType === 'string' ? contentType.toLowerCase() : '',
    },
  };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

const identifier = (value: unknown): string | null => (typeof value === 'string' && value.length > 0 ? value : null);
