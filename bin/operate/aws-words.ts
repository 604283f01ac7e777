const THROTTLED =
  /^(Throttling(Exception)?|ThrottledException|TooManyRequestsException|RequestLimitExceeded|ProvisionedThroughputExceededException)$/;
const DENIED = /^(AccessDenied(Exception)?|UnauthorizedOperation|ForbiddenException)$/;
const NOBODY =
  /^(CredentialsProviderError|ExpiredToken(Exception)?|UnrecognizedClientException|InvalidSignatureException|InvalidClientTokenId)$/;
const UNREACHED = /ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|socket hang up/;

/** What a person reads where AWS refused: what must be true, what was received, what to change. */
export function inWords(error: unknown, what: string): Error {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  if (/\[\w+\]$/.test(message)) return error as Error;
  const said = (code: string, text: string) => new Error(`${text} [${code}]`, { cause: error });
  if (THROTTLED.test(name)) return said('Throttled', `${what}: AWS is throttling these calls; try again in a minute`);
  if (DENIED.test(name)) {
    return said('AccessDenied', `${what}: you must be allowed to, see grantOperate of ModelDeployment; ${message}`);
  }
  if (NOBODY.test(name)) {
    return said('NoCredentials', `${what}: AWS must know who you are; log in, or set AWS_PROFILE; ${message}`);
  }
  if (/region is missing/i.test(message)) {
    return said('NoRegion', `${what}: a region must be given; set AWS_REGION, or use --region`);
  }
  if (name === 'TimeoutError' || UNREACHED.test(message)) {
    return said('NotReached', `${what}: AWS could not be reached; ${message || name}`);
  }
  return said(name === '' || name === 'Error' ? 'Failed' : name, `${what}: ${message}`);
}

/** Does it, and says in words what AWS refused. */
export async function attempt<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw inWords(error, what);
  }
}
