import {
  aws_iam as iam,
  type aws_kms as kms,
  type aws_s3 as s3,
  type aws_sagemaker as sagemaker,
  Token,
} from 'aws-cdk-lib';
import { CAPTURE_CONTENT_TYPES, CAPTURE_PERCENT, type Range } from '../../decision/limits';
import type { Problems } from '../private/problems';

/** Folder of the records where none is named. */
export const CAPTURE_PREFIX = 'data-capture';

/** What SageMaker records of requests and answers. */
export interface DataCapture {
  /** The bucket that the records go to. */
  readonly bucket: s3.IBucket;
  /**
   * Where in the bucket, without a slash at either end: records lie below it as
   * `{endpoint}/{variant}/{yyyy}/{mm}/{dd}/{hh}/`.
   *
   * @default 'data-capture'
   */
  readonly prefix?: string;
  /**
   * Share of requests that is recorded, 0-100, whole.
   *
   * @default 100
   */
  readonly samplingPercent?: number;
  /**
   * Whether requests are recorded.
   *
   * @default true
   */
  readonly input?: boolean;
  /**
   * Whether answers are recorded.
   *
   * @default true
   */
  readonly output?: boolean;
  /**
   * Content types recorded as CSV text, at most 10; all other content is recorded as Base64.
   *
   * @default ['text/csv']
   */
  readonly csvContentTypes?: string[];
  /**
   * Content types recorded as JSON text, at most 10; all other content is recorded as Base64.
   *
   * @default ['application/json']
   */
  readonly jsonContentTypes?: string[];
  /**
   * The key that encrypts the records.
   *
   * @default - the bucket's own encryption
   */
  readonly encryptionKey?: kms.IKey;
}

/** The part before the slash and the one after it; SageMaker takes at most 256 characters. */
const CONTENT_TYPE = /^(?=.{1,256}$)[^\s/]+\/[^\s/]+$/;

/** As the endpoint config wants it. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DataCaptureConfig.html */
export function renderDataCapture(
  problems: Problems,
  props: DataCapture,
): sagemaker.CfnEndpointConfig.DataCaptureConfigProperty {
  const percent = props.samplingPercent ?? 100;
  const prefix = props.prefix ?? CAPTURE_PREFIX;
  const csvContentTypes = props.csvContentTypes ?? ['text/csv'];
  const jsonContentTypes = props.jsonContentTypes ?? ['application/json'];
  const modes = [...((props.input ?? true) ? ['Input'] : []), ...((props.output ?? true) ? ['Output'] : [])];
  if (!Token.isUnresolved(percent)) {
    problems.require(
      Number.isInteger(percent) && within(percent, CAPTURE_PERCENT),
      'CapturePercentOutOfRange',
      () => `dataCapture.samplingPercent must be a whole number between 0 and 100, got ${percent}`,
    );
  }
  // What SageMaker makes of a further slash is not documented, and a role that may write elsewhere loses every record.
  problems.require(
    Token.isUnresolved(prefix) || /^[^/]+(\/[^/]+)*$/.test(prefix),
    'CapturePrefix',
    () => `dataCapture.prefix must be folders with one slash between them and none at either end, got '${prefix}'`,
  );
  problems.require(
    modes.length > 0,
    'CaptureNothing',
    () => 'dataCapture must record input, output or both, got neither',
  );
  for (const [noun, types] of Object.entries({ csvContentTypes, jsonContentTypes })) {
    problems.require(
      Token.isUnresolved(types) || types.length === 0 || within(types.length, CAPTURE_CONTENT_TYPES),
      'CaptureContentTypesOutOfRange',
      () => `dataCapture.${noun} must hold at most ${CAPTURE_CONTENT_TYPES.max} types, got ${types.length}`,
    );
    if (Token.isUnresolved(types)) continue;
    const strange = types.filter((type) => !Token.isUnresolved(type) && !CONTENT_TYPE.test(type));
    problems.require(
      strange.length === 0,
      'CaptureContentType',
      () => `dataCapture.${noun} must hold types such as text/csv, got '${strange.join("', '")}'`,
    );
  }
  return {
    enableCapture: true,
    destinationS3Uri: props.bucket.s3UrlForObject(prefix),
    initialSamplingPercentage: percent,
    captureOptions: modes.map((captureMode) => ({ captureMode })),
    captureContentTypeHeader: contentTypes(csvContentTypes, jsonContentTypes),
    kmsKeyId: props.encryptionKey?.keyArn,
  };
}

/** An empty list is refused, a missing one is not. */
function contentTypes(
  csvContentTypes: string[],
  jsonContentTypes: string[],
): sagemaker.CfnEndpointConfig.CaptureContentTypeHeaderProperty | undefined {
  const lists = Object.entries({ csvContentTypes, jsonContentTypes }).filter(([, types]) => types.length > 0);
  return lists.length === 0 ? undefined : Object.fromEntries(lists);
}

/** Lets the containers' role write the records, and nothing else in the bucket. */
export function grantDataCapture(grantee: iam.IGrantable, props: DataCapture): void {
  const records = props.bucket.arnForObjects(`${props.prefix ?? CAPTURE_PREFIX}/*`);
  iam.Grant.addToPrincipal({ grantee, actions: ['s3:PutObject'], resourceArns: [records] });
  const keys = [props.encryptionKey, props.bucket.encryptionKey].flatMap((key) =>
    key === undefined ? [] : [key.keyArn],
  );
  if (keys.length === 0) return;
  iam.Grant.addToPrincipal({ grantee, actions: ['kms:GenerateDataKey', 'kms:Decrypt'], resourceArns: keys });
}

const within = (value: number, { min, max }: Range) => value >= min && value <= max;
