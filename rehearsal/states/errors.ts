/** An error inside an execution, under the name that Retry and Catch compare. */
export class StatesError extends Error {
  constructor(
    /** `States.Timeout`, `SageMaker.ConflictException`, or whatever a function or a Fail state calls it. */
    public readonly error: string,
    /** AWS gives some errors no cause at all: a time-out, a heartbeat missed. */
    public readonly reason?: string,
    /** The interpreter itself could not go on: the cause then names the state and the event that entered it. */
    public readonly raisedByState = false,
    /** A second name that Retry and Catch may use for it. */
    public readonly alias?: string,
  ) {
    super(reason === undefined ? error : `${error}: ${reason}`);
    this.name = error;
  }

  /** A path, a template or a definition that cannot work: no Retry and no Catch may save the execution. */
  public static runtime(reason: string): StatesError {
    return new StatesError('States.Runtime', reason, true);
  }
}

/** What Catch puts into the data and ExecutionFailed into the history. */
export function errorOutput(error: StatesError): { Error: string; Cause?: string } {
  return error.reason === undefined ? { Error: error.error } : { Error: error.error, Cause: error.reason };
}

/** What an attempt may throw is an error of the execution; anything else is a fault of the interpreter and goes on up. */
export function asStatesError(thrown: unknown): StatesError {
  if (thrown instanceof StatesError) return thrown;
  throw thrown;
}
