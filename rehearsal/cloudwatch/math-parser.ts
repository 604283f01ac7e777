/** A metric-math expression as a tree. */
export type MathNode =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'id'; readonly name: string }
  | { readonly kind: 'word'; readonly name: string }
  | { readonly kind: 'array'; readonly items: readonly MathNode[] }
  | { readonly kind: 'negate'; readonly of: MathNode }
  | { readonly kind: 'operator'; readonly operator: Operator; readonly left: MathNode; readonly right: MathNode }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly MathNode[] };

/** Operators, those that bind weakest first. */
const LEVELS = [['OR'], ['AND'], ['==', '!=', '<=', '>=', '<', '>'], ['+', '-'], ['*', '/'], ['^']] as const;
export type Operator = (typeof LEVELS)[number][number];

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|("[^"]*"|'[^']*')|([A-Za-z_]\w*)|(==|!=|<=|>=|&&|\|\||[-+*/^<>()[\],]))/y;
const SPELLED: Readonly<Record<string, string>> = { '&&': 'AND', '||': 'OR' };

/** An expression that this embedded CloudWatch does not understand. The message names what is not understood. */
export class MathError extends Error {}

/** Parses an expression; throws MathError for anything outside the language. */
// source: cloudwatch-metric-math
export function parseMath(expression: string): MathNode {
  return new Parser(expression).whole();
}

/** Every id that an expression refers to. */
export function idsIn(node: MathNode): readonly string[] {
  switch (node.kind) {
    case 'id':
      return [node.name];
    case 'array':
      return node.items.flatMap(idsIn);
    case 'negate':
      return idsIn(node.of);
    case 'operator':
      return [...idsIn(node.left), ...idsIn(node.right)];
    case 'call':
      return node.args.flatMap(idsIn);
    default:
      return [];
  }
}

class Parser {
  private readonly tokens: string[] = [];
  private next = 0;

  public constructor(private readonly text: string) {
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < text.trimEnd().length) {
      const at = TOKEN.lastIndex;
      const match = TOKEN.exec(text);
      if (match === null) throw new MathError(`metric math cannot read '${text.slice(at).trim()}' in '${text}'`);
      const token = match[1] ?? match[2] ?? match[3] ?? match[4];
      this.tokens.push(SPELLED[token] ?? token);
    }
  }

  public whole(): MathNode {
    const node = this.binary(0);
    if (this.next < this.tokens.length) this.refuse();
    return node;
  }

  private binary(level: number): MathNode {
    if (level === LEVELS.length) return this.unary();
    let left = this.binary(level + 1);
    for (;;) {
      const operator = LEVELS[level].find((candidate) => candidate === this.tokens[this.next]);
      if (operator === undefined) return left;
      this.next++;
      left = { kind: 'operator', operator, left, right: this.binary(level + 1) };
    }
  }

  private unary(): MathNode {
    if (!this.accept('-')) return this.primary();
    return { kind: 'negate', of: this.unary() };
  }

  private primary(): MathNode {
    const token = this.tokens[this.next++];
    if (token === undefined) throw new MathError(`metric math ends too early in '${this.text}'`);
    if (/^\d/.test(token)) return { kind: 'number', value: Number(token) };
    if (/^["']/.test(token)) return { kind: 'text', value: token.slice(1, -1) };
    if (token === '(') return this.closed(this.binary(0), ')');
    if (token === '[') return { kind: 'array', items: this.list(']') };
    // Identifiers of metrics begin with a lower-case letter, functions and words are upper case.
    if (/^[a-z]/.test(token)) return { kind: 'id', name: token };
    if (/^[A-Z]/.test(token)) {
      return this.accept('(') ? { kind: 'call', name: token, args: this.list(')') } : { kind: 'word', name: token };
    }
    this.next--;
    return this.refuse();
  }

  private list(end: string): MathNode[] {
    if (this.accept(end)) return [];
    const items = [this.binary(0)];
    while (this.accept(',')) items.push(this.binary(0));
    this.closed(items, end);
    return items;
  }

  private closed<T>(node: T, end: string): T {
    if (!this.accept(end)) this.refuse();
    return node;
  }

  private accept(token: string): boolean {
    if (this.tokens[this.next] !== token) return false;
    this.next++;
    return true;
  }

  private refuse(): never {
    throw new MathError(`metric math does not expect '${this.tokens[this.next] ?? 'the end'}' in '${this.text}'`);
  }
}
