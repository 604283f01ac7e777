/** An error as an AWS service answers it. `code` is the wire name, such as `ConditionalCheckFailedException`. */
export class AwsError extends Error {
  constructor(
    public readonly code: string,
    message: string,
    /** The HTTP status; 4xx blames the caller. */
    public readonly status = 400,
    /** Further members of the error's body. */
    public readonly members: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = code;
  }
}
