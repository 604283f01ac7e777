import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CaptureRequest, CapturesRead } from '../../../lambda/judge-data/capture-request';
import type { ObjectReader } from '../../../lambda/judge-data/ports';
import { rememberCaptures } from '../../../lambda/judge-data/remember-captures';
import { captureLine, HOUR, START } from './fake-bucket';

const MINUTE = 60_000;
const LAG = 15 * MINUTE;

/** A file of captures, and when it is there. */
interface Delivered {
  readonly key: string;
  readonly body: Buffer;
  readonly at: number;
}

/** A bucket as it is at a time, and which objects were opened. */
class Bucket implements ObjectReader {
  public now = START;
  public readonly opened: string[] = [];
  public readonly files: Delivered[] = [];

  public async list(_bucket: string, prefix: string, after = '') {
    return this.files
      .filter(({ key, at }) => at <= this.now && key.startsWith(prefix) && key > after)
      .map(({ key, body }) => ({ key, size: body.length }));
  }

  public async open(_bucket: string, key: string) {
    this.opened.push(key);
    const found = this.files.find((file) => file.key === key && file.at <= this.now);
    if (found === undefined) throw new Error(`no such key ${key}`);
    return (async function* () {
      yield found.body;
    })();
  }
}

const request = (to: number, more: Partial<CaptureRequest> = {}): CaptureRequest => ({
  bucket: 'captures',
  prefixes: { champion: 'capture/fraud/a', challenger: 'capture/fraud/b' },
  from: START,
  to,
  joinOn: ['inferenceId', 'eventId'],
  output: { type: 'auto', column: 0, path: [] },
  tolerance: 0.05,
  bytesInFull: 1e9,
  ...more,
});

/** Everything that the judge makes of what was read. */
const told = ({ report, summary }: CapturesRead) => ({
  report,
  periods: [...summary.periods],
  total: summary.total(),
  outputs: summary.outputs(),
  description: summary.description(),
  pairs: [summary.pairs, summary.otherShape, summary.firstTime, summary.lastTime],
});

const same = (i: number): string => `${(i % 97) / 97}`;

/** Files of `minutes` each, of both variants, delivered when they are complete and then some. */
function fill(bucket: Bucket, hours: number, minutes: number, answer = same, original = same): void {
  for (let begin = START, i = 0; begin < START + hours * HOUR; begin += minutes * MINUTE) {
    const ids = Array.from({ length: minutes }, () => i++);
    for (const variant of ['a', 'b']) {
      const lines = ids.map((id) =>
        captureLine({
          id: `r-${id}`,
          time: begin + (id % minutes) * MINUTE,
          data: variant === 'a' ? original(id) : answer(id),
        }),
      );
      bucket.files.push({
        key: `capture/fraud/${variant}/${new Date(begin).toISOString().slice(0, 13).replace(/[-T]/g, '/')}/${new Date(begin).toISOString().slice(14, 19)}.jsonl`,
        body: Buffer.from(`${lines.join('\n')}\n`),
        at: begin + minutes * MINUTE,
      });
    }
  }
}

describe('a warm function', () => {
  test('answers as a cold one does, tick by tick, whatever the files hold and when they come', async () => {
    const file = fc.record({
      variant: fc.constantFrom('a', 'b'),
      minute: fc.integer({ min: 0, max: 300 }),
      late: fc.integer({ min: 0, max: 80 }),
      lines: fc.array(
        fc.record({
          id: fc.integer({ min: 0, max: 30 }),
          offset: fc.integer({ min: -70, max: 20 }),
          data: fc.constantFrom('0.1', '0.5', '0.9', 'NaN', ''),
          broken: fc.boolean(),
        }),
        { maxLength: 6 },
      ),
    });
    const ticks = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.array(file, { maxLength: 25 }), ticks, fc.boolean(), async (files, steps, sure) => {
        const bucket = new Bucket();
        files.forEach(({ variant, minute, late, lines }, i) => {
          const time = START + minute * MINUTE;
          const written = lines.map(({ id, offset, data, broken }) =>
            broken && id > 25 ? '{' : captureLine({ id: `r-${id}`, time: time + offset * MINUTE, data }),
          );
          const iso = new Date(time).toISOString();
          bucket.files.push({
            key: `capture/fraud/${variant}/${iso.slice(0, 13).replace(/[-T]/g, '/')}/${iso.slice(14, 19)}-${i}.jsonl`,
            body: Buffer.from(written.map((line) => `${line}\n`).join('')),
            // Never later than an hour after its own: what comes later is seen by whoever asks to be sure.
            at: time + (sure ? late : Math.min(late, 55)) * MINUTE,
          });
        });
        const warm = rememberCaptures(bucket);
        for (const step of steps) {
          bucket.now += step * MINUTE;
          const asked = request(bucket.now - LAG);
          expect(told(await warm(asked, sure))).toEqual(told(await rememberCaptures(bucket)(asked, true)));
        }
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['scores', same],
    ['labels', (i: number) => ['spam', 'ham', 'unsure'][i % 3]],
  ])('answers as a cold one does where a look falls into the middle of a file of %s', async (_, original) => {
    const bucket = new Bucket();
    // To every fourth request the other version says what the first one says to another.
    fill(bucket, 3, 10, (i) => original(i % 4 === 0 ? i + 10 : i), original);
    const read = rememberCaptures(bucket);
    for (bucket.now = START + 20 * MINUTE; bucket.now <= START + 4 * HOUR; bucket.now += 7 * MINUTE) {
      const asked = request(bucket.now - LAG);
      const warm = told(await read(asked, false));
      expect(warm).toEqual(told(await rememberCaptures(bucket)(asked, true)));
      if (bucket.now > START + 3.5 * HOUR) {
        const { total, description } = warm;
        expect([warm.pairs[0], total.disagreed]).toEqual([180, 45]);
        const confused = Object.values(description).reduce<number>((sum, count) => sum + Number(count), 0);
        if (original === same) expect(description['p99AbsoluteDifference']).toBeGreaterThan(0);
        else expect(confused).toBe(45);
      }
    }
  });

  test('opens each file a few times and not at every tick', async () => {
    const bucket = new Bucket();
    fill(bucket, 12, 5);
    const read = rememberCaptures(bucket);
    for (bucket.now = START; bucket.now <= START + 13 * HOUR; bucket.now += 5 * MINUTE) {
      await read(request(bucket.now - LAG), false);
    }
    const times = new Map<string, number>();
    for (const key of bucket.opened) times.set(key, (times.get(key) ?? 0) + 1);
    expect(times.size).toBe(2 * 12 * 12);
    // Once when it comes, once when its first records are old enough, once when its last are.
    expect(Math.max(...times.values())).toBeLessThanOrEqual(3);
  });

  test('overlooks a file that comes hours late, until somebody must be sure', async () => {
    const bucket = new Bucket();
    fill(bucket, 6, 5);
    const { body } = bucket.files[0];
    bucket.files.push({ key: bucket.files[0].key.replace('.jsonl', '-late.jsonl'), body, at: START + 5 * HOUR });
    const read = rememberCaptures(bucket);
    const duplicates = async (sure: boolean) => {
      const { report } = await read(request(bucket.now - LAG), sure);
      return report.champion.duplicates;
    };
    bucket.now = START + 4 * HOUR;
    await duplicates(false);
    bucket.now = START + 6 * HOUR;
    expect([await duplicates(false), await duplicates(true), await duplicates(false)]).toEqual([0, 5, 5]);
  });

  test('believes nothing that was read before a failure', async () => {
    const bucket = new Bucket();
    fill(bucket, 3, 5);
    const read = rememberCaptures(bucket);
    bucket.now = START + 2 * HOUR;
    await read(request(bucket.now - LAG), false);
    const open = bucket.open.bind(bucket);
    let left = 3;
    bucket.open = (name, key) => (left-- > 0 ? open(name, key) : Promise.reject(new Error('throttled')));
    bucket.now = START + 3 * HOUR;
    const asked = request(bucket.now - LAG);
    await expect(read(asked, false)).rejects.toThrow('throttled');
    bucket.open = open;
    expect(told(await read(asked, false))).toEqual(told(await rememberCaptures(bucket)(asked, true)));
  });

  test('keeps apart what is asked of different captures, and forgets the oldest', async () => {
    const bucket = new Bucket();
    fill(bucket, 3, 5);
    bucket.now = START + 4 * HOUR;
    const read = rememberCaptures(bucket);
    const opened = async (tolerance: number) => {
      const before = bucket.opened.length;
      await read(request(bucket.now - LAG, { tolerance }), false);
      return bucket.opened.length - before;
    };
    for (const tolerance of [0, 0.1, 0.2, 0.3]) expect(await opened(tolerance)).toBe(72);
    expect(await opened(0)).toBe(0);
    expect(await opened(0.4)).toBe(72);
    expect(await opened(0.1)).toBe(72);
    expect(await opened(0)).toBe(0);
  });

  test('reads everything anew when so much has come that a sample must do', async () => {
    const bucket = new Bucket();
    fill(bucket, 4, 5);
    const [small] = bucket.files;
    const asked = (to: number) => request(to, { bytesInFull: 13 * small.body.length });
    const read = rememberCaptures(bucket);
    bucket.now = START + 3 * HOUR;
    expect((await read(asked(bucket.now - LAG), false)).report.sampledShare).toBe(1);
    const big = Buffer.concat(Array.from({ length: 20 }, () => small.body));
    bucket.files.push({ key: 'capture/fraud/a/2026/01/05/03/50:00-big.jsonl', body: big, at: START + 4 * HOUR });
    bucket.now = START + 4 * HOUR;
    const warm = await read(asked(bucket.now - LAG), false);
    expect(warm.report.sampledShare).toBeLessThan(1);
    expect(told(warm)).toEqual(told(await rememberCaptures(bucket)(asked(bucket.now - LAG), true)));
  });
});
