import type { WireRequest } from '../lambda/wire';

/** Who has signed a request, and for what; the signature itself is not looked at, because no secret is shared. */
export interface Caller {
  readonly accessKeyId: string;
  readonly region: string;
  /** The service in the scope of the signature, as IAM names it. */
  readonly service: string;
}

const SIGNED =
  /^AWS4-HMAC-SHA256 Credential=([\w+=,.@-]+)\/\d{8}\/([\w-]+)\/([\w-]+)\/aws4_request, ?SignedHeaders=\S+, ?Signature=\w+$/;

/** Whoever has signed a request; undefined for one that is not signed. */
export function callerOf({ headers }: Pick<WireRequest, 'headers'>): Caller | undefined {
  const [, accessKeyId, region, service] = SIGNED.exec(headers['authorization'] ?? '') ?? [];
  return accessKeyId === undefined ? undefined : { accessKeyId, region, service };
}

/**
 * Who acts under an access key id: a session of the role, or the user, that has its name. Approvers are looked at first,
 * because they may be of another account.
 */
export function principalOf(accessKeyId: string, approvers: readonly string[], account: string): string {
  const approver = approvers.find((arn) => nameOf(arn) === accessKeyId);
  return approver ?? `arn:aws:iam::${account}:role/${accessKeyId}`;
}

/** The last part of an ARN: what people call a role or a user. */
export const nameOf = (arn: string): string => arn.split(/[/:]/).at(-1) ?? arn;
