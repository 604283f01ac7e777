import { execFileSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { eachLine } from '../lambda/judge-data/lines';
import { rememberCaptures } from '../lambda/judge-data/remember-captures';
import { generator } from './gates/random';
import { table } from './report';

// Divergence of captured traffic: how fast it is read, joined and compared on one core, beside nothing but a JSON.parse of
// every line, and whether memory grows with the input.
const HOUR = 3_600_000;
const START = Date.parse('2026-01-05T00:00:00Z');
const FILE_BYTES = 12_500_000;

/** One side's captures of one hour: lines of some 760 bytes, as a model with sixty features has them. */
function hourOf(side: string, set: number): Buffer {
  const random = generator(set + 1);
  const lines: string[] = [];
  for (let bytes = 0, i = 0; bytes < FILE_BYTES; i += 1) {
    const features = Array.from({ length: 60 }, () => (random() * 300).toFixed(2)).join(',');
    const score = (0.5 + random() / 2 + (side === 'b' ? 0.001 : 0)).toFixed(12);
    const line = JSON.stringify({
      captureData: {
        endpointInput: { observedContentType: 'text/csv', mode: 'INPUT', data: `${features}\n`, encoding: 'CSV' },
        endpointOutput: { observedContentType: 'text/csv', mode: 'OUTPUT', data: score, encoding: 'CSV' },
      },
      eventMetadata: {
        eventId: `${side}${set}-0000-4000-8000-${String(i).padStart(12, '0')}`,
        inferenceId: `request-${set}-0000-4000-8000-${String(i).padStart(12, '0')}`,
        inferenceTime: '2026-01-05T00:30:00Z',
      },
      eventVersion: '0',
    });
    lines.push(line);
    bytes += line.length + 1;
  }
  return Buffer.from(`${lines.join('\n')}\n`);
}

async function* chunks(body: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.length; at += 65_536) yield body.subarray(at, at + 65_536);
}

/** Measures one way of reading in a process of its own, and prints it as JSON. */
async function measure(how: string, megabytes: number): Promise<void> {
  const gzip = how === 'divergence, gzip';
  // Two sets of requests take turns, so that an hour's ids are new and the bench itself needs little memory.
  const bodies = new Map(
    ['a', 'b'].flatMap((side) => [0, 1].map((set) => [`${side}${set}`, hourOf(side, set)] as const)),
  );
  const plainBytes = FILE_BYTES * 2;
  const hours = Math.max(1, Math.round((megabytes * 1e6) / plainBytes));
  if (gzip) for (const [key, body] of bodies) bodies.set(key, gzipSync(body));
  const bodyOf = (side: string, hour: number) => bodies.get(`${side}${hour % 2}`) as Buffer;
  let peak = 0;
  const look = () => {
    peak = Math.max(peak, process.memoryUsage().rss);
  };
  const timer = setInterval(look, 20);
  const cpu = process.cpuUsage();
  let lines = 0;
  let bytes = 0;
  if (how === 'JSON.parse') {
    for (let hour = 0; hour < hours; hour += 1) {
      for (const side of ['a', 'b']) {
        bytes += await eachLine(chunks(bodyOf(side, hour)), (line) => {
          JSON.parse(line ?? '');
          lines += 1;
        });
        look();
      }
    }
  } else {
    const hourOfKey = (key: string) =>
      Math.round((Date.parse(key.replace(/.*(\d{4})\/(\d\d)\/(\d\d)\/(\d\d).*/, '$1-$2-$3T$4:00:00Z')) - START) / HOUR);
    const read = rememberCaptures({
      async list(_bucket, prefix) {
        const all = Array.from({ length: hours }, (_, hour) => {
          const folder = new Date(START + hour * HOUR).toISOString().slice(0, 13).replace(/[-T]/g, '/');
          return { key: `${prefix.slice(0, 2)}${folder}/file.jsonl`, size: FILE_BYTES };
        });
        return all.filter(({ key }) => key.startsWith(prefix));
      },
      async open(_bucket, key) {
        look();
        return chunks(bodyOf(key[0], hourOfKey(key)));
      },
    });
    const { report, summary } = await read(
      {
        bucket: 'captures',
        prefixes: { champion: 'a', challenger: 'b' },
        from: START,
        to: START + hours * HOUR,
        joinOn: ['inferenceId', 'eventId'],
        output: { type: 'auto', column: 0, path: [] },
        tolerance: 0.05,
        bytesInFull: 256 * 1024 * 1024,
      },
      true,
    );
    if (summary.pairs === 0 || report.challenger.unjoined > 0) throw new Error(JSON.stringify(report));
    lines = report.champion.records + report.challenger.records;
    bytes = report.bytes;
  }
  clearInterval(timer);
  look();
  const { user, system } = process.cpuUsage(cpu);
  console.log(JSON.stringify({ lines, megabytes: bytes / 1e6, seconds: (user + system) / 1e6, peak: peak / 1e6 }));
}

interface Measured {
  readonly lines: number;
  readonly megabytes: number;
  readonly seconds: number;
  readonly peak: number;
}

function main(): void {
  const sizes = process.argv.includes('--full') ? [100, 500, 2000] : [100, 1000];
  const rows = ['JSON.parse', 'divergence', 'divergence, gzip'].flatMap((how) =>
    sizes.map((size) => {
      const found = execFileSync(process.execPath, [process.argv[1], '--measure', how, String(size)], {
        encoding: 'utf8',
      });
      const { lines, megabytes, seconds, peak } = JSON.parse(found) as Measured;
      return [how, Math.round(megabytes), lines, Math.round(megabytes / seconds), Math.round(peak)];
    }),
  );
  console.log(table(['reading', 'MB of JSONL', 'lines', 'MB per CPU second', 'peak RSS, MB'], rows));
}

const asked = process.argv.indexOf('--measure');
if (asked < 0) main();
else void measure(process.argv[asked + 1], Number(process.argv[asked + 2]));
