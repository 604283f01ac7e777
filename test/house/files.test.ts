import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { sourceFiles } from './sources';

const lines = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n').length;

/** `a || literal`: a default that turns zero, an empty text or false into something else. */
function orDefaults(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.BarBarToken && isValue(node.right)) {
      found.push(`${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${node.getText()}`);
    }
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.BarBarEqualsToken) {
      found.push(`${file}: ${node.getText()}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const isValue = (node: ts.Node): boolean =>
  ts.isLiteralExpression(node) ||
  ts.isTemplateExpression(node) ||
  ts.isArrayLiteralExpression(node) ||
  ts.isObjectLiteralExpression(node) ||
  ts.isNewExpression(node) ||
  (ts.isPrefixUnaryExpression(node) && ts.isNumericLiteral(node.operand)) ||
  (ts.isIdentifier(node) && node.text === 'undefined');

describe('every source file', () => {
  const files = sourceFiles(['decision', 'lib', 'lambda', 'rehearsal', 'bin', 'bench']);

  test('is at most 300 lines long, and 120 in decision/', () => {
    const long = files.filter((file) => lines(file) > (file.startsWith('decision/') ? 120 : 300));
    expect(long.map((file) => `${file}: ${lines(file)}`)).toEqual([]);
  });

  test('takes defaults with ?? and never with ||', () => {
    expect(files.flatMap((file) => orDefaults(file, readFileSync(file, 'utf8')))).toEqual([]);
  });

  test('fails the test above where a default would swallow a zero', () => {
    expect(orDefaults('x.ts', 'const weight = props.weight || 1;')).toEqual(['x.ts:1: props.weight || 1']);
    expect(orDefaults('x.ts', 'const bad = a > 1 || b < 2 || isBad(c);')).toEqual([]);
  });

  test('is not called utils, helpers or common', () => {
    expect(files.filter((file) => /\b(utils?|helpers?|common|misc)\.ts$/.test(file))).toEqual([]);
  });

  test('of lib/ that is a barrel only re-exports', () => {
    const barrels = files.filter((file) => /^lib\/(.*\/)?index\.ts$/.test(file));
    const more = barrels.filter((file) => {
      const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022);
      return !source.statements.every(ts.isExportDeclaration);
    });
    expect(more).toEqual([]);
  });
});
