/** A principal as IAM writes it down, or as it is while it acts: `arn:aws:sts::123456789012:assumed-role/OnCall/ann`. */
interface Principal {
  readonly account: string;
  /** `user/path/ann`, or `role/OnCall` without path: a session does not know its role's path. */
  readonly name: string;
  /** Who uses a role. */
  readonly session: string | undefined;
}

const ROLE = /^arn:[\w-]+:iam::(\d{12}):role\/(?:.*\/)?([\w+=,.@-]+)$/;
const SESSION = /^arn:[\w-]+:sts::(\d{12}):assumed-role\/([\w+=,.@-]+)\/([\w+=,.@-]+)$/;
const USER = /^arn:[\w-]+:iam::(\d{12}):(user\/.+)$/;

function read(arn: string): Principal | undefined {
  const role = ROLE.exec(arn);
  if (role !== null) return { account: role[1], name: `role/${role[2]}`, session: undefined };
  const session = SESSION.exec(arn);
  if (session !== null) return { account: session[1], name: `role/${session[2]}`, session: session[3] };
  const user = USER.exec(arn);
  return user === null ? undefined : { account: user[1], name: user[2], session: undefined };
}

/** Whether a session is one of a role or user. An ARN that cannot be read is nobody's. */
export function isSessionOf(who: string, principal: string): boolean {
  const [one, other] = [read(who), read(principal)];
  return (
    one !== undefined &&
    other !== undefined &&
    one.account === other.account &&
    one.name === other.name &&
    (other.session === undefined || one.session === other.session)
  );
}

/** For people: `ann as OnCall`, or the ARN where it is something else. */
export function nameOf(who: string): string {
  const principal = read(who);
  if (principal === undefined) return who;
  const name = principal.name.split('/').at(-1) as string;
  return principal.session === undefined ? name : `${principal.session} as ${name}`;
}
