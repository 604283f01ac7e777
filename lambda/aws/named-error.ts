/** An error whose name Step Functions can catch and a reason can repeat; `cause` keeps what was below it. */
export function namedError(name: string, message: string, cause?: unknown): Error {
  const error = new Error(message, { cause });
  error.name = name;
  return error;
}
