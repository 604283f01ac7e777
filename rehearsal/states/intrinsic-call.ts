import { type Path, PathSyntaxError, parsePath } from './path';

/** One argument of an intrinsic function, or the call itself. */
export type Expression =
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'string'; readonly raw: string }
  | { readonly kind: 'literal'; readonly value: number | boolean | null };

const parsed = new Map<string, Expression>();

/** Reads `States.Name(argument, ...)`; throws a {@link PathSyntaxError} that says where it does not go on. */
// source: asl-intrinsics
export function parseIntrinsic(text: string): Expression {
  let expression = parsed.get(text);
  if (expression === undefined) {
    const reader = new Reader(text);
    expression = reader.call();
    reader.end();
    parsed.set(text, expression);
  }
  return expression;
}

class Reader {
  private at = 0;
  constructor(private readonly text: string) {}

  public end(): void {
    if (this.at !== this.text.length) this.refuse();
  }

  public call(): Expression {
    const name = this.take(/States\.([A-Za-z0-9]+)\s*\(\s*/y);
    if (name === undefined) this.refuse();
    const args: Expression[] = [];
    if (this.take(/(\))/y) !== undefined) return { kind: 'call', name, args };
    do args.push(this.argument());
    while (this.take(/\s*(,)\s*/y) !== undefined);
    if (this.take(/\s*(\))/y) === undefined) this.refuse();
    return { kind: 'call', name, args };
  }

  private argument(): Expression {
    const quoted = this.take(/'((?:[^'\\]|\\.)*)'/y);
    if (quoted !== undefined) return { kind: 'string', raw: quoted };
    if (this.text.startsWith('States.', this.at)) return this.call();
    const path = this.take(/(\$(?:[^\s,()[\]']|\[(?:[^\]']|'[^']*')*\])*)/y);
    if (path !== undefined) return { kind: 'path', path: parsePath(path) };
    const literal = this.take(/(true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/y);
    if (literal === undefined) this.refuse();
    return { kind: 'literal', value: JSON.parse(literal) };
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return undefined;
    this.at += found[0].length;
    return found[1];
  }

  private refuse(): never {
    throw new PathSyntaxError(
      `'${this.text}' is not an intrinsic function: '${this.text.slice(this.at)}' is not understood`,
    );
  }
}
