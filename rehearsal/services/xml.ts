import type { Json } from './service';

export const xml = { 'content-type': 'application/xml' };
export const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: unknown) => String(text).replace(/[&<>"]/g, (found) => entities[found]);

/** Elements of an answer: lists repeat theirs, objects nest, what is undefined is left out. */
// source: s3-rest-xml, aws-query-protocol
export function elements(values: Readonly<Record<string, Json>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .flatMap(([name, value]) =>
      [value]
        .flat()
        .map((one) => `<${name}>${one !== null && typeof one === 'object' ? elements(one) : escaped(one)}</${name}>`),
    )
    .join('');
}
