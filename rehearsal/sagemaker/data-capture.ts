import type { Knobs } from '../knobs';
import type { Predictions } from '../scenario-data';
import type { S3 } from '../services';
import { type RandomStream, randomStream } from '../time/random';
import { drawAnswers } from '../traffic/answers';
import { binomial } from '../traffic/samplers';
import type { Served } from '../traffic/served';
import { captureLine, type DataCaptureConfig } from './capture-record';

/** What data capture needs of its world. */
export interface DataCaptureOptions {
  readonly seed: number;
  readonly knobs: Knobs;
  readonly s3: S3;
  readonly endpointName: string;
  /** The capture that an endpoint config asks for; undefined when it asks for none. */
  readonly configOf: (endpointConfigName: string) => DataCaptureConfig | undefined;
}

/** What was served while nothing changed, and how it is captured. */
interface Segment {
  readonly served: readonly Served[];
  readonly config: DataCaptureConfig;
  readonly predictions: Predictions;
}

/** A file that a variant still writes to. */
interface OpenFile {
  readonly folder: string;
  /** When it is closed and put into the bucket. */
  readonly closesAt: number;
  readonly lines: string[];
}

const HOUR = 3_600_000;

/**
 * The files of data capture in S3, of every variant and shadow of one endpoint. Traffic is only noted as it goes by;
 * records are made of it when somebody reads the bucket, from a random stream of their own, so that nothing else
 * depends on whether anybody does.
 */
export class DataCapture {
  private readonly random: RandomStream;
  private segments: Segment[] = [];
  private readonly files = new Map<string, OpenFile>();
  private readonly buckets = new Set<string>();
  private readonly configs = new Map<string, DataCaptureConfig | undefined>();
  private until = 0;
  private written = 0;

  constructor(private readonly options: DataCaptureOptions) {
    this.random = randomStream(options.seed, `capture/${options.endpointName}`);
  }

  /** Notes what was served; without predictions in the scenario nobody knows what the answers were. */
  public note(served: readonly Served[], predictions: Predictions | undefined): void {
    const config = served.length === 0 ? undefined : this.configOf(served[0].fleet.endpointConfigName);
    if (config === undefined || config.EnableCapture === false) return;
    const { bucket } = placeOf(config);
    if (!this.buckets.has(bucket)) {
      this.buckets.add(bucket);
      this.options.s3.fill(bucket, () => this.write());
    }
    this.until = served[0].to;
    if (predictions !== undefined) this.segments.push({ served, config, predictions });
  }

  /** Asked once, when a config begins to serve: it may be deleted while it still does. */
  private configOf(name: string): DataCaptureConfig | undefined {
    if (!this.configs.has(name)) this.configs.set(name, this.options.configOf(name));
    return this.configs.get(name);
  }

  /** Puts every file that is complete by now. */
  private write(): void {
    for (const segment of this.segments) this.capture(segment);
    this.segments = [];
    for (const [key, { closesAt, lines, folder }] of this.files) {
      if (closesAt > this.until) continue;
      this.files.delete(key);
      const [bucket, ...path] = folder.split('/');
      this.options.s3.put(bucket, [...path, fileName(closesAt, ++this.written)].join('/'), lines.join(''));
    }
  }

  /** The records of one segment: each request has one production answer, and may have a shadow's. */
  // source: data-capture-sampling, shadow-captures
  private capture({ served, config, predictions }: Segment): void {
    const { random } = this;
    const shadow = served.find(({ fleet }) => fleet.shadow === true);
    const live = served.filter(({ fleet }) => fleet.shadow !== true);
    const total = live.reduce((sum, { requests }) => sum + requests, 0);
    for (const one of live) {
      const { from, to, requests } = one;
      const kept = binomial(random, requests, (predictions.capturedPerHour * (to - from)) / HOUR / total);
      for (let i = 0; i < kept; i++) {
        const time = from + ((i + random()) / kept) * (to - from);
        const said = drawAnswers(random, predictions);
        const eventId = this.id();
        const request = { time, inferenceId: predictions.inferenceIds ? this.id() : undefined, input: '0.5,17,1\n' };
        const record = ({ fleet, ...counts }: Served, id: string) => {
          const answered = random() >= (counts.errors + counts.clientErrors) / counts.requests;
          if (!(answered && random() * 100 < config.InitialSamplingPercentage)) return;
          const output = predictions.answer.replace('{prediction}', () => said[fleet.side]);
          this.append(config, fleet.variantName, { ...request, eventId: id, output });
        };
        record(one, eventId);
        if (shadow === undefined || random() >= shadow.fleet.share || shadow.requests === 0) continue;
        record(shadow, this.options.knobs.shadowEventIds === 'same' ? eventId : this.id());
      }
    }
  }

  /** Folders are named after the hour of the request; a file closes some minutes after it was begun. */
  // source: data-capture-keys, data-capture-delivery
  private append(config: DataCaptureConfig, variant: string, captured: Parameters<typeof captureLine>[1]): void {
    const every = 1000 * this.options.knobs.captureDeliverySeconds;
    const hour = new Date(captured.time).toISOString().slice(0, 13).replace(/[-T]/g, '/');
    const { bucket, prefix } = placeOf(config);
    const folder = [bucket, prefix, this.options.endpointName, variant, hour].filter((part) => part !== '').join('/');
    const closesAt = (Math.floor(captured.time / every) + 1) * every;
    const key = `${folder}/${closesAt}`;
    const file = this.files.get(key) ?? { folder, closesAt, lines: [] };
    this.files.set(key, file);
    file.lines.push(captureLine(config, captured));
  }

  private id(): string {
    const digits = Array.from({ length: 4 }, () => Math.floor(this.random() * 2 ** 32)).map((part) =>
      part.toString(16).padStart(8, '0'),
    );
    return digits.join('').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }
}

function placeOf({ DestinationS3Uri }: DataCaptureConfig) {
  const [, bucket, prefix] = /^s3:\/\/([^/]+)\/?(.*?)\/*$/.exec(DestinationS3Uri) ?? ['', '', ''];
  return { bucket, prefix };
}

/** Minute, second and millisecond, and something that no other file has. */
const fileName = (time: number, number: number): string =>
  `${new Date(time).toISOString().slice(14, 23).replace(/[:.]/g, '-')}-${String(number).padStart(12, '0')}.jsonl`;
