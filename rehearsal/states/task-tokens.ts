import { AwsError } from '../services/aws-error';
import type { Json } from '../services/service';
import type { RandomStream } from '../time/random';
import type { StatesError } from './errors';
import { uuid } from './intrinsics';

/** Who waits for a token. */
export interface TokenHolder {
  succeed(output: Json): void;
  fail(error: StatesError): void;
  heartbeat(): void;
}

/** Every task token that was handed out. A token answers once; afterwards, as on AWS, the task has timed out. */
// source: sfn-task-tokens
export class TaskTokens {
  private readonly holders = new Map<string, TokenHolder | undefined>();

  constructor(private readonly random: RandomStream) {}

  public issue(): string {
    return Buffer.from(uuid(this.random)).toString('base64');
  }

  public hold(token: string, holder: TokenHolder): void {
    this.holders.set(token, holder);
  }

  public release(token: string): void {
    this.holders.set(token, undefined);
  }

  /** Tokens that somebody waits for. */
  public get waiting(): readonly string[] {
    return [...this.holders].flatMap(([token, holder]) => (holder === undefined ? [] : [token]));
  }

  /** Takes the answer to a token. */
  public take(token: Json): TokenHolder {
    const holder = this.peek(token);
    this.release(token);
    return holder;
  }

  public peek(token: Json): TokenHolder {
    if (typeof token !== 'string' || !this.holders.has(token)) {
      throw new AwsError('InvalidToken', `Invalid Token: '${token}'`);
    }
    const holder = this.holders.get(token);
    if (holder === undefined) {
      throw new AwsError('TaskTimedOut', 'Task Timed Out: Provided task does not exist anymore');
    }
    return holder;
  }
}
