import { type Evidence, fail, hold, pass, type Verdict } from './verdict';

/** What a user's own gate is asked: one tick of one phase. Times are ISO 8601. */
export interface FunctionGateEvent {
  readonly schemaVersion: 1;
  /** Name of the gate. */
  readonly gate: string;
  readonly rollout: string;
  readonly endpoint: string;
  readonly phase: 'before' | 'shadow' | 'stage' | 'watch';
  /** The tick's own time: look at nothing that happened after it. */
  readonly at: string;
  /** Since when the phase is under observation. */
  readonly startedAt: string;
  /** Names of the variants; the champion is null when nothing serves beside the challenger. */
  readonly challenger: { readonly variant: string };
  readonly champion: { readonly variant: string } | null;
  /** What the gate was declared with. */
  readonly parameters: { readonly [name: string]: unknown };
}

/** What it answers. Anything else, a crash and a time-out included, is a `hold`. */
export interface FunctionGateAnswer {
  readonly schemaVersion: 1;
  readonly kind: 'pass' | 'fail' | 'hold';
  /** One sentence, for the person who is woken. */
  readonly reason: string;
  /** @default - none */
  readonly evidence?: Evidence;
}

/** Helpers that answer in the right shape: `return gateAnswer.pass('all 40 cases agree')`. */
export const gateAnswer = {
  pass: (reason: string, evidence: Evidence = {}): FunctionGateAnswer => ({
    schemaVersion: 1,
    ...pass(reason, evidence),
  }),
  fail: (reason: string, evidence: Evidence = {}): FunctionGateAnswer => ({
    schemaVersion: 1,
    ...fail(reason, evidence),
  }),
  hold: (reason: string, evidence: Evidence = {}): FunctionGateAnswer => ({
    schemaVersion: 1,
    ...hold(reason, evidence),
  }),
};

const PHASES: readonly unknown[] = ['before', 'shadow', 'stage', 'watch'];

/** Types the event for a gate's code; null when it is not an event of this version, which deserves a `hold`. */
export function readGateEvent(input: unknown): FunctionGateEvent | null {
  if (!isObject(input) || input['schemaVersion'] !== 1 || !PHASES.includes(input['phase'])) return null;
  const texts = ['gate', 'rollout', 'endpoint', 'at', 'startedAt'].every((name) => typeof input[name] === 'string');
  const champion = input['champion'] === null || isArm(input['champion']);
  const sound = texts && champion && isArm(input['challenger']) && isObject(input['parameters']);
  return sound ? (input as unknown as FunctionGateEvent) : null;
}

/** The verdict in what a user's function answered. Total: what is no answer of this version is `hold`, and says so. */
export function readGateAnswer(input: unknown): Verdict {
  if (!isObject(input)) return hold('the function answered nothing that is an object');
  if (input['schemaVersion'] !== 1) return hold('the function must answer with schemaVersion 1');
  const { kind, reason, evidence } = input;
  if (typeof reason !== 'string' || reason.trim() === '') return hold('the function must give a reason');
  const said = isObject(evidence) ? (evidence as Evidence) : {};
  if (kind === 'pass') return pass(reason, said);
  if (kind === 'fail') return fail(reason, said);
  return kind === 'hold' ? hold(reason, said) : hold('the function must answer pass, fail or hold', said);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isArm = (value: unknown): boolean => isObject(value) && typeof value['variant'] === 'string';
