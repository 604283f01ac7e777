/** `DataCaptureConfig` of an endpoint config, as CreateEndpointConfig takes it. */
export interface DataCaptureConfig {
  readonly EnableCapture?: boolean;
  readonly InitialSamplingPercentage: number;
  readonly DestinationS3Uri: string;
  readonly CaptureOptions: readonly { readonly CaptureMode: 'Input' | 'Output' | 'InputAndOutput' }[];
  readonly CaptureContentTypeHeader?: {
    readonly CsvContentTypes?: readonly string[];
    readonly JsonContentTypes?: readonly string[];
  };
}

/** One request and its answer. */
export interface Captured {
  readonly eventId: string;
  readonly inferenceId: string | undefined;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly input: string;
  readonly output: string;
}

/** One line of a capture file; what the config does not ask for is left out. */
// source: data-capture-record
export function captureLine({ CaptureOptions, CaptureContentTypeHeader }: DataCaptureConfig, one: Captured): string {
  const asks = (mode: string) =>
    CaptureOptions.some(({ CaptureMode }) => CaptureMode === mode || CaptureMode === 'InputAndOutput');
  const body = (mode: string, data: string, contentType: string) => {
    const encoding = encodingOf(contentType, CaptureContentTypeHeader);
    const encoded = encoding === 'BASE64' ? Buffer.from(data).toString('base64') : data;
    return { observedContentType: contentType, mode, data: encoded, encoding };
  };
  const captureData = {
    ...(asks('Input') ? { endpointInput: body('INPUT', one.input, 'text/csv') } : {}),
    ...(asks('Output') ? { endpointOutput: body('OUTPUT', one.output, contentTypeOf(one.output)) } : {}),
  };
  const eventMetadata = {
    eventId: one.eventId,
    ...(one.inferenceId === undefined ? {} : { inferenceId: one.inferenceId }),
    inferenceTime: new Date(one.time).toISOString().replace(/\.\d+Z$/, 'Z'),
  };
  return `${JSON.stringify({ captureData, eventMetadata, eventVersion: '0' })}\n`;
}

const contentTypeOf = (answer: string): string =>
  /^\s*[[{]/.test(answer) ? 'application/json' : 'text/csv; charset=utf-8';

/** Base64, unless the config lists the content type. */
// source: data-capture-encoding
function encodingOf(
  observed: string,
  header: DataCaptureConfig['CaptureContentTypeHeader'],
): 'CSV' | 'JSON' | 'BASE64' {
  const [type] = observed.split(';');
  if (header?.CsvContentTypes?.includes(type)) return 'CSV';
  return header?.JsonContentTypes?.includes(type) ? 'JSON' : 'BASE64';
}
