import * as v from 'valibot';
import { namedError } from '../aws/named-error';

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
/** Why: kept in the record, so it must be said. */
const reason = v.pipe(v.string(), v.trim(), v.minLength(1, 'a reason must be given'), v.maxLength(1000));
const common = { schemaVersion: v.literal(1), endpoint: name, reason };
const actions = ['approve', 'reject', 'rollback', 'abort', 'resume', 'retry', 'closeRetrospective'] as const;

const schema = v.object({
  action: v.picklist(actions),
  ...common,
  /** Which rollout is meant. @default - the one under way */
  rolloutId: v.optional(name),
});

/** What a function URL with IAM auth hands on: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html */
const request = v.object({
  requestContext: v.object({
    requestId: name,
    authorizer: v.object({ iam: v.object({ userArn: name }) }),
  }),
  body: v.string(),
  isBase64Encoded: v.optional(v.boolean(), false),
});

/** What a person decided. */
export interface PersonEvent extends v.InferOutput<typeof schema> {
  /** ARN of the person's session, as IAM has verified it. */
  readonly who: string;
  readonly requestId: string;
}

/** The event; an error named `EventUnreadable` where it is none, above all where nobody has verified who asks. */
export function readEvent(input: unknown): PersonEvent {
  const outer = read(request, input);
  const { requestId, authorizer } = outer.requestContext;
  const text = outer.isBase64Encoded ? Buffer.from(outer.body, 'base64').toString() : outer.body;
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw namedError('EventUnreadable', 'the body must be JSON');
  }
  return { ...read(schema, body), who: authorizer.iam.userArn, requestId };
}

function read<T extends v.GenericSchema>(of: T, input: unknown): v.InferOutput<T> {
  const result = v.safeParse(of, input);
  if (result.success) return result.output;
  const problems = result.issues.map((issue) => `${v.getDotPath(issue) ?? 'event'}: ${issue.message}`);
  throw namedError('EventUnreadable', problems.join('; '));
}
