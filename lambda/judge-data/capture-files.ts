import type { Side } from './pairing';
import type { ObjectReader, StoredObject } from './ports';

const HOUR = 3_600_000;

/** Which captures are looked for. Times are milliseconds since the epoch. */
export interface CaptureWindow {
  readonly bucket: string;
  /** Key prefixes below which each variant's `yyyy/mm/dd/hh/` folders lie, without a slash at the end. */
  readonly prefixes: { readonly [side in Side]: string };
  readonly from: number;
  readonly to: number;
}

/** One file of captures. */
export interface CaptureFile extends StoredObject {
  readonly side: Side;
  /** Its folder: `yyyy/mm/dd/hh`. */
  readonly hour: string;
  /** Where it stands among all files: by hour, then by name, which SageMaker begins with minute and second. */
  readonly place: string;
}

/**
 * The files of both sides in the order in which they are read. A folder is named after an hour whose end AWS does not
 * define to the minute, so the folders just outside the window are read too; the records' own times decide.
 *
 * @param since the first folder that is wanted; all of the window when left out
 */
export async function captureFiles(
  objects: ObjectReader,
  window: CaptureWindow,
  since?: string,
): Promise<readonly CaptureFile[]> {
  const begin = folder(window.from - HOUR);
  const first = since !== undefined && since > begin ? since : begin;
  const last = folder(window.to + HOUR);
  const files: CaptureFile[] = [];
  for (const side of ['champion', 'challenger'] as const) {
    const prefix = window.prefixes[side];
    for (const day of days(window.from - HOUR, window.to + HOUR)) {
      if (day < first.slice(0, 10)) continue;
      const after = first.startsWith(day) ? `${prefix}/${first}` : undefined;
      for (const object of await objects.list(window.bucket, `${prefix}/${day}/`, after)) {
        const [, hour, name] = object.key.match(/\/(\d{4}\/\d\d\/\d\d\/\d\d)\/([^/]+)$/) ?? [];
        if (hour === undefined || hour < first || hour > last) continue;
        files.push({ ...object, side, hour, place: `${hour}/${name} ${side}` });
      }
    }
  }
  return files.sort((a, b) => (a.place < b.place ? -1 : 1));
}

/** The folder of the hour before: `2026/03/01/00` becomes `2026/02/28/23`. */
export const hourBefore = (hour: string): string => folder(hourEnd(hour) - 2 * HOUR);

/** When the hour of a folder is over. */
export function hourEnd(hour: string): number {
  const [year, month, day, hours] = hour.split('/');
  return Date.parse(`${year}-${month}-${day}T${hours}:00:00Z`) + HOUR;
}

function days(from: number, to: number): string[] {
  const list: string[] = [];
  for (let time = Math.floor(from / (24 * HOUR)) * 24 * HOUR; time <= to; time += 24 * HOUR) {
    list.push(folder(time).slice(0, 10));
  }
  return list;
}

const folder = (time: number): string => new Date(time).toISOString().slice(0, 13).replace(/[-T]/g, '/');
