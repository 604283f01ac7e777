import { type AttributeValue, invalid } from './attribute-value';
import type { DocumentPath } from './document-path';
import type { Placeholders } from './placeholders';
import { isReserved } from './reserved-words';

const token = /\s*(<>|<=|>=|[=<>+\-(),.[\]]|[#:][A-Za-z0-9_]+|[A-Za-z_][A-Za-z0-9_]*|\d+)/y;

/** Reads one expression token by token; every refusal is a ValidationException that names the expression. */
export class ExpressionReader {
  private readonly tokens: readonly string[];
  private at = 0;

  constructor(
    private readonly kind: string,
    text: string,
    private readonly placeholders: Placeholders,
  ) {
    const tokens: string[] = [];
    let end = 0;
    while (text.slice(end).trim() !== '') {
      token.lastIndex = end;
      const found = token.exec(text);
      if (found === null) throw this.refusal(text.slice(end).trim()[0]);
      tokens.push(found[1]);
      end = token.lastIndex;
    }
    if (tokens.length === 0) throw invalid(`Invalid ${kind}: The expression can not be empty;`);
    this.tokens = tokens;
  }

  public get next(): string | undefined {
    return this.tokens[this.at];
  }

  public get done(): boolean {
    return this.at === this.tokens.length;
  }

  /** Takes a keyword, whatever its case. */
  public keyword(word: string): boolean {
    if (this.next?.toUpperCase() !== word) return false;
    this.at += 1;
    return true;
  }

  public accept(symbol: string): boolean {
    if (this.next !== symbol) return false;
    this.at += 1;
    return true;
  }

  public expect(symbol: string): void {
    if (!this.accept(symbol)) throw this.refusal();
  }

  public end(): void {
    if (!this.done) throw this.refusal();
  }

  /** The name of a function, when one stands here. */
  public function(): string | undefined {
    const name = this.next;
    if (name === undefined || !/^[A-Za-z_]/.test(name) || this.tokens[this.at + 1] !== '(') return undefined;
    this.at += 2;
    return name;
  }

  public value(): AttributeValue | undefined {
    if (!this.next?.startsWith(':')) return undefined;
    return this.placeholders.value(this.take());
  }

  public path(): DocumentPath {
    const path: (string | number)[] = [this.pathName()];
    for (;;) {
      if (this.accept('.')) path.push(this.pathName());
      else if (this.accept('[')) {
        const index = this.take();
        if (!/^\d+$/.test(index)) throw this.refusal(index);
        path.push(Number(index));
        this.expect(']');
      } else return path;
    }
  }

  private pathName(): string {
    const name = this.take();
    if (name.startsWith('#')) return this.placeholders.name(name);
    if (!/^[A-Za-z]/.test(name)) throw this.refusal(name);
    if (isReserved(name)) {
      throw invalid(`Invalid ${this.kind}: Attribute name is a reserved keyword; reserved keyword: ${name}`);
    }
    return name;
  }

  private take(): string {
    const token = this.next;
    if (token === undefined) throw this.refusal();
    this.at += 1;
    return token;
  }

  public refusal(near: string | undefined = this.next): Error {
    return invalid(`Invalid ${this.kind}: Syntax error; token: "${near ?? '<EOF>'}"`);
  }
}
