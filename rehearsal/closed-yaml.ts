import * as v from 'valibot';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { FileProblems } from './file-problems';

/** Reads a YAML text by a closed schema: what the schema does not name is a problem, and all problems are told at once. */
export function readClosedYaml<Schema extends v.GenericSchema>(
  schema: Schema,
  text: string,
  fileName: string,
): v.InferOutput<Schema> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const at = (offset: number, message: string) => {
    const { line, col } = lines.linePos(offset);
    return `${fileName}:${line}:${col}: ${message}`;
  };
  const unreadable = [...document.errors, ...document.warnings].map(({ pos, message }) =>
    at(pos[0], inPlainWords(message)),
  );
  visit(document, {
    Alias: (_, alias) => {
      unreadable.push(at(startOf(alias), `the alias *${alias.source} is not known here, write the value itself`));
    },
  });
  if (unreadable.length > 0) throw new FileProblems(unreadable);

  const result = v.safeParse(schema, document.toJS());
  if (result.success) return result.output;
  const found = result.issues.map((issue) => {
    const path = issue.path?.map(({ key }) => key as string | number) ?? [];
    const name = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
    const offset = offsetOf(document, path, issue.type === 'never' || issue.type === 'raw_check');
    return { offset, message: `${name === '' ? 'the file' : name.replace(/^\./, '')} ${issue.message}` };
  });
  throw new FileProblems(found.sort((a, b) => a.offset - b.offset).map(({ offset, message }) => at(offset, message)));
}

/** A mapping of these keys and no others. */
export function closed<Entries extends v.ObjectEntries>(entries: Entries) {
  const known = Object.keys(entries).join(', ');
  return v.pipe(
    // An array is an object to valibot, and not to a reader.
    v.custom<Record<string, unknown>>((value) => isRecord(value), mustBe('a mapping')),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      for (const key of PASSED_OVER.filter((name) => Object.hasOwn(dataset.value, name))) {
        const item = { type: 'object', origin: 'key', input: dataset.value, key, value: undefined } as const;
        addIssue({ message: `is not known here, known are ${known}`, path: [item] });
      }
    }),
    v.objectWithRest(
      entries,
      v.never(() => `is not known here, known are ${known}`),
      (issue) => (issue.received === 'undefined' ? 'is missing' : mustBe('a mapping')(issue)),
    ),
  );
}

/** Keys that valibot leaves out without a word. */
const PASSED_OVER = ['__proto__', 'prototype', 'constructor'];

const isRecord = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Says what a value must be, and what it is. */
export const mustBe =
  (what: string) =>
  ({ input }: { readonly input: unknown }): string =>
    `must be ${what}, got ${input === null ? 'nothing' : typeof input === 'number' ? input : JSON.stringify(input)}`;

/** Where a value begins; where its key does; and for one that is missing, the mapping that misses it. */
function offsetOf(document: Document, path: readonly (string | number)[], key: boolean): number {
  if (path.length === 0) return startOf(document.contents);
  const parent = path.slice(0, -1);
  const holder = parent.length === 0 ? document.contents : document.getIn(parent, true);
  const name = path[path.length - 1];
  if (key && isMap(holder)) {
    const pair = holder.items.find((item) => isScalar(item.key) && item.key.value === name);
    if (pair !== undefined) return startOf(pair.key);
  }
  const node = document.getIn(path, true);
  return isNode(node) ? startOf(node) : offsetOf(document, parent, false);
}

const startOf = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0);

/** The parser also speaks to programmers, of its own functions and options. */
const inPlainWords = (message: string) => {
  if (message.includes('parseAllDocuments')) return 'a file must hold one document';
  return message.includes('stringKeys') ? 'a key must be text' : lowerCase(message);
};

const lowerCase = (message: string) => message.charAt(0).toLowerCase() + message.slice(1);
