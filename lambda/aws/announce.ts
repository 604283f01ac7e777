import type { RolloutRecord } from './rollout-record';

/** What is told, and of which rollout. */
export interface Announcement {
  readonly endpoint: string;
  readonly rolloutId: string;
  /** A stable word. */
  readonly event: string;
  /** One sentence. */
  readonly detail: string;
}

/** Everything that telling people needs. */
export interface AnnouncePorts {
  readonly record: Pick<RolloutRecord, 'put'>;
  readonly notify: (subject: string, text: string) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What a person can do about an event, where looking is not all. */
const NEXT: { readonly [event: string]: (endpoint: string) => readonly string[] } = {
  ApprovalNeeded: (name) => [`approve ${name} --reason "..."`, `reject ${name} --reason "..."`],
  RolloutHeld: (name) => [`resume ${name} --reason "..."`, `rollback ${name} --reason "..."`],
  RolloutRolledBack: (name) => [`evidence ${name} --html evidence.html`, `retro close ${name} --notes "..."`],
};

/** One event of a rollout: kept in the record, and sent to people, with the exact command that comes next. */
export async function announce(ports: AnnouncePorts, announcement: Announcement): Promise<void> {
  const { rolloutId, event, detail } = announcement;
  const at = new Date(ports.now()).toISOString();
  await ports.record.put(`ROLLOUT#${rolloutId}`, `EVENT#${at}#${event}`, { at, event, detail });
  await call(ports, announcement);
}

/** The message alone, where the record may not answer. */
export async function call(
  { notify }: Pick<AnnouncePorts, 'notify'>,
  { endpoint, event, detail }: Omit<Announcement, 'rolloutId'>,
): Promise<void> {
  const commands = [`status ${endpoint}`, ...(NEXT[event]?.(endpoint) ?? [])];
  const lines = commands.map((command) => `npx rollouts ${command}`).join('\n');
  await notify(`${endpoint}: ${event}`, `${detail}\n\n${lines}`);
}
