/** An error as an AWS service replies it: a code that callers match on, a message, and an HTTP status. */
export class AwsError extends Error {
  constructor(
    public readonly code: string,
    message: string,
    public readonly status = 400,
  ) {
    super(message);
    this.name = code;
  }
}
