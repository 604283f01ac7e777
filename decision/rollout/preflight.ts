import { type LiveEndpoint, sharePercent } from './live-endpoint';

/** What a registry or a bucket says of something that a launch would fetch. */
export type Fetched =
  | { readonly kind: 'found'; readonly value: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly why: string };

/** An image that is to be launched, and which of it serves now. */
export interface ImageFacts {
  /** As the model names it, with its tag. */
  readonly image: string;
  /** Digest that serves now; null when SageMaker does not say; undefined for a version that never served. */
  readonly live: string | null | undefined;
  /** Digest that the tag means now. */
  readonly fetched: Fetched;
}

/** An archive that is to be launched, and since when it may not have changed. */
export interface ArchiveFacts {
  readonly uri: string;
  /** When the fleet that serves it was ordered, as `Date.toISOString` writes it; undefined for a version that never served. */
  readonly launchedAt: string | undefined;
  /** When it was written last, as `Date.toISOString` writes it. */
  readonly fetched: Fetched;
}

/** An alarm that has to ring when the new version is bad. */
export interface AlarmFacts {
  readonly name: string;
  /** `OK`, `ALARM`, `INSUFFICIENT_DATA`; undefined when there is none of that name. */
  readonly level: string | undefined;
}

/**
 * Why an image is not as it must be; undefined when it is. An update launches the serving version anew, so a tag that was
 * moved would put something else in its place.
 */
export function imageProblem({ image, live, fetched }: ImageFacts): string | undefined {
  if (fetched.kind !== 'found') return notThere('image', image, fetched);
  if (live === undefined || live === fetched.value) return undefined;
  if (live === null) return `image ${image} cannot be compared: SageMaker does not say which one serves`;
  return `image ${image} was moved: ${short(live)} serves, and a launch would fetch ${short(fetched.value)}`;
}

/** Why an archive is not as it must be; undefined when it is. */
export function archiveProblem({ uri, launchedAt, fetched }: ArchiveFacts): string | undefined {
  if (fetched.kind !== 'found') return notThere('archive', uri, fetched);
  if (launchedAt === undefined || isNotAfter(fetched.value, launchedAt)) return undefined;
  return `archive ${uri} was written at ${fetched.value}, after the version that serves it was launched at ${launchedAt}`;
}

/** Why an alarm is not as it must be; undefined when it is. One that is in ALARM cannot ring. */
export function alarmProblem({ name, level }: AlarmFacts): string | undefined {
  if (level === 'OK' || level === 'INSUFFICIENT_DATA') return undefined;
  return `alarm ${name} must be quiet, and is ${level ?? 'not there'}`;
}

/** An endpoint, and which of its variants the engine may launch anew. */
export interface VariantFacts {
  readonly live: LiveEndpoint;
  readonly champion: string;
  /** Its variant is there from the rollout before, without traffic. */
  readonly challenger: string;
  /** Whether it was taken over, and no version was promoted since: it may split its traffic as it likes. */
  readonly taken: boolean;
}

/** Why each variant that an update would take away is not as it must be; none where only the champion serves. */
export function variantProblems({ live, champion, challenger, taken }: VariantFacts): string[] {
  const beside = live.variants.filter(({ name }) => name !== champion);
  const foreign = beside.filter(({ name }) => name !== challenger || (taken && !(sharePercent(live, name) === 0)));
  const shadows = live.shadows.filter(({ name }) => name !== challenger);
  return [
    ...foreign.map(({ name }) => `variant ${name} has ${sharePercent(live, name)} % of the traffic`),
    ...shadows.map(({ name }) => `variant ${name} is a shadow`),
  ].map((what) => `${what}, and an update would take it away`);
}

function notThere(what: string, name: string, fetched: Exclude<Fetched, { kind: 'found' }>): string {
  return fetched.kind === 'missing' ? `${what} ${name} is not there` : `${what} ${name} cannot be read: ${fetched.why}`;
}

/** Times of the same form, to the millisecond and in UTC, are in the order of their letters; others cannot be compared. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const isNotAfter = (one: string, other: string) => TIME.test(one) && TIME.test(other) && one <= other;

const short = (digest: string) => digest.slice(0, 'sha256:'.length + 12);
