import { type JsonPath, readPath } from '../../decision';
import type { Payload } from './capture-record';

/** Which part of an answer is compared. */
export interface OutputField {
  /** `number`: a score, compared within a tolerance. `label`: a class, compared for equality. `auto`: whichever it is. */
  readonly type: 'auto' | 'number' | 'label';
  /** Column of a CSV answer, counted from 0. */
  readonly column: number;
  /** Where the prediction stands in a JSON answer; empty for the whole answer. */
  readonly path: JsonPath;
}

/** One prediction; null where the model gave nothing usable: empty, null, NaN, not a number, another shape. */
export type Prediction = number | string | null;

/** The predictions in one answer: one, or one a row of a batch. Null when the answer as a whole cannot be read. */
export function predictions(payload: Payload, field: OutputField): readonly Prediction[] | null {
  const text = payload.encoding === 'BASE64' ? decoded(payload.data) : payload.data;
  if (text === null || text.trim() === '') return null;
  const json = payload.encoding === 'JSON' || (payload.encoding === 'BASE64' && payload.contentType.includes('json'));
  return json ? fromJson(text, field) : fromCsv(text, field);
}

function fromJson(text: string, field: OutputField): readonly Prediction[] | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  const found = readPath(parsed, field.path);
  if (found === undefined) return null;
  const values: readonly unknown[] = Array.isArray(found) ? found : [found];
  return values.length === 0 ? null : values.map((value) => prediction(value, field.type));
}

function fromCsv(text: string, field: OutputField): readonly Prediction[] {
  const rows = text.split(/\r?\n/).filter((row) => row.trim() !== '');
  return rows.map((row) => prediction(cell(row, field.column), field.type));
}

/** One cell of a CSV row; a cell in quotes may hold commas, and two quotes in it are one. */
function cell(row: string, column: number): string | undefined {
  if (column === 0 && !row.includes(',') && !row.includes('"')) return row.trim();
  const cells = row.match(/("([^"]|"")*"|[^,]*)(,|$)/g) ?? [];
  const found = cells[column]?.replace(/,$/, '').trim();
  return found?.startsWith('"') ? found.slice(1, -1).replaceAll('""', '"') : found;
}

const NO_LABELS = new Set(['', 'null', 'none', 'nan', 'undefined']);

function prediction(value: unknown, type: OutputField['type']): Prediction {
  if (type === 'auto') return prediction(value, 'number') ?? prediction(value, 'label');
  if (type === 'label') {
    if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return String(value);
    return typeof value === 'string' && !NO_LABELS.has(value.trim().toLowerCase()) ? value.trim() : null;
  }
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

const BASE64 = /^[A-Za-z0-9+/\s]*={0,2}\s*$/;

function decoded(data: string): string | null {
  return BASE64.test(data) ? Buffer.from(data, 'base64').toString('utf8') : null;
}
