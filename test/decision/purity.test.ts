import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../decision', import.meta.url));
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

/** What would make a verdict depend on more than its input. */
const impure = new Set([
  'Date',
  'process',
  'globalThis',
  'performance',
  'crypto',
  'console',
  'require',
  'fetch',
  'setTimeout',
  'setInterval',
  'queueMicrotask',
  'Promise',
  'eval',
]);

/** Everything in a source text that reaches for the world. */
function reaches(text: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const property =
      ts.isPropertyAccessExpression(node.parent ?? node) && (node.parent as ts.PropertyAccessExpression).name === node;
    const key = ts.isPropertyAssignment(node.parent ?? node) && (node.parent as ts.PropertyAssignment).name === node;
    if (ts.isIdentifier(node) && impure.has(node.text) && !property && !key) found.push(node.text);
    if (ts.isPropertyAccessExpression(node) && node.getText(file) === 'Math.random') found.push('Math.random');
    if (ts.isAwaitExpression(node) || node.kind === ts.SyntaxKind.AsyncKeyword) found.push('async');
    if (ts.isImportDeclaration(node) && !(node.moduleSpecifier as ts.StringLiteral).text.startsWith('.'))
      found.push(node.getText(file));
    ts.forEachChild(node, visit);
  };
  const file = ts.createSourceFile('source.ts', text, ts.ScriptTarget.ES2022, true);
  visit(file);
  return found;
}

describe('decision', () => {
  test('has files to look at', () => {
    expect(files.length).toBeGreaterThan(40);
  });

  test.each(files)('%s reaches for no clock, no randomness, no process, nothing asynchronous', (name) => {
    expect(reaches(readFileSync(join(root, name), 'utf8'))).toEqual([]);
  });

  test.each(files)('%s has at most 120 lines', (name) => {
    expect(readFileSync(join(root, name), 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(120);
  });

  test('fails on what is planted', () => {
    expect(reaches('export const t = Date.now();')).toEqual(['Date']);
    expect(reaches('export const t = Math.random();')).toEqual(['Math.random']);
    expect(reaches('export async function f() { await g(); }')).toEqual(['async', 'async']);
    expect(reaches("import { readFileSync } from 'node:fs';")).toHaveLength(1);
    expect(reaches('const x = process.env.A;')).toEqual(['process']);
    expect(reaches('const x = { Date: 1 }; x.Date;')).toEqual([]);
  });
});
