import type { JudgeDataPorts } from '../../../lambda/judge-data/ports';

export const START = Date.parse('2026-01-05T00:00:00Z');
export const HOUR = 3_600_000;

/** One line of data capture. */
export interface Line {
  readonly id: string;
  readonly time: number;
  readonly data: string;
  readonly encoding?: 'CSV' | 'JSON' | 'BASE64';
  readonly contentType?: string;
  readonly by?: 'inferenceId' | 'eventId';
}

/** A line in SageMaker's own shape. */
export function captureLine({ id, time, data, encoding = 'CSV', contentType = 'text/csv', by = 'inferenceId' }: Line) {
  return JSON.stringify({
    captureData: {
      endpointInput: { observedContentType: 'text/csv', mode: 'INPUT', data: '1,2,3\n', encoding: 'CSV' },
      endpointOutput: { observedContentType: contentType, mode: 'OUTPUT', data, encoding },
    },
    eventMetadata: {
      eventId: by === 'eventId' ? id : `event-${id}-${data.length}`,
      ...(by === 'inferenceId' ? { inferenceId: id } : {}),
      inferenceTime: new Date(time).toISOString(),
    },
    eventVersion: '0',
  });
}

/** Key of a capture file in the folder of its hour. */
export function captureKey(variant: string, time: number, suffix = 'jsonl'): string {
  const folder = new Date(time).toISOString().slice(0, 13).replace(/[-T]/g, '/');
  return `capture/fraud/${variant}/${folder}/file.${suffix}`;
}

export type Objects = Map<string, Buffer>;

/** Captures of both variants: `answer` says what each gave to the i-th request; undefined for no line. */
export function captured(
  requests: number,
  hours: number,
  answer: (side: 'a' | 'b', i: number) => Partial<Line> | undefined,
): Objects {
  const lines = new Map<string, string[]>();
  for (let i = 0; i < requests; i += 1) {
    const time = START + Math.floor((i * hours * HOUR) / requests);
    for (const side of ['a', 'b'] as const) {
      const said = answer(side, i);
      if (said === undefined) continue;
      const key = captureKey(side, time);
      const list = lines.get(key) ?? [];
      list.push(captureLine({ id: `request-${i}`, time, data: '0.5', ...said }));
      lines.set(key, list);
    }
  }
  return new Map([...lines].map(([key, list]) => [key, Buffer.from(`${list.join('\n')}\n`)]));
}

/** Ports over objects in memory, handed out in chunks that fall anywhere in a line. */
export function bucketPorts(objects: Objects, overrides: Partial<JudgeDataPorts> = {}, chunk = 60_000) {
  const saved: { key: unknown; evidence: unknown }[] = [];
  const ports: JudgeDataPorts = {
    objects: {
      async list(_bucket, prefix) {
        const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
        return keys.map((key) => ({ key, size: objects.get(key)?.length ?? 0 }));
      },
      async open(_bucket, key) {
        const body = objects.get(key);
        if (body === undefined) throw Object.assign(new Error(`no such key ${key}`), { name: 'NoSuchKey' });
        return (async function* () {
          for (let at = 0; at < body.length; at += chunk) yield body.subarray(at, at + chunk);
        })();
      },
    },
    evidence: {
      async save(key, evidence) {
        saved.push({ key, evidence });
        return `item-${saved.length}`;
      },
    },
    tell: () => undefined,
    now: () => START + 1000 * HOUR,
    ...overrides,
  };
  return { ports, saved };
}

/** A tick of the shadow phase, 49 hours in. */
export function shadowEvent(gates: readonly unknown[], overrides: Record<string, unknown> = {}) {
  return {
    schemaVersion: 1,
    rollout: 'r-1',
    endpoint: 'fraud',
    stage: 'shadow',
    phase: 'shadow',
    at: new Date(START + 49 * HOUR).toISOString(),
    startedAt: new Date(START).toISOString(),
    challenger: { variant: 'b', config: null },
    champion: { variant: 'a', config: null },
    shadow: { samplingPercent: 100, minimumRequests: 10_000, minimumHours: 48 },
    gates,
    ...overrides,
  };
}
