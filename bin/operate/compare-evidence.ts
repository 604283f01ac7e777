import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import type { Outcome } from '../../rehearsal';

/** What a comparison needs of an evidence bundle; the rest is for people. */
const evidence = v.object({
  schemaVersion: v.literal(1),
  endpoint: v.string(),
  rolloutId: v.string(),
  outcome: v.string(),
  reason: v.string(),
  totalSeconds: v.nullable(v.number()),
  timeline: v.array(v.object({ atSeconds: v.number(), event: v.string(), detail: v.string() })),
});

/** A rollout as it really went. */
export type Evidence = v.InferOutput<typeof evidence>;

/** One step of a rollout, in both worlds. Seconds after the rollout began; null where it did not happen. */
export interface ComparedStep {
  /** `stage: challenger at 5 %`, `rollback`, `end`. */
  readonly step: string;
  readonly real: number | null;
  readonly rehearsed: number | null;
  /** How much later it really was; null where it happened in one world only. */
  readonly laterSeconds: number | null;
}

/** A rehearsal held against a real rollout: what `rollouts rehearse --compare --json` prints. */
export interface Comparison {
  readonly schemaVersion: 1;
  readonly endpoint: string;
  readonly rolloutId: string;
  readonly scenario: string;
  readonly outcome: { readonly real: string; readonly rehearsed: string; readonly same: boolean };
  readonly reason: { readonly real: string; readonly rehearsed: string };
  /** Whether the same steps came in the same order. */
  readonly sameOrder: boolean;
  readonly steps: readonly ComparedStep[];
}

/**
 * Reads what `rollouts evidence` has printed.
 *
 * @throws Error for a file that is anything else, or of a rollout that has not ended
 */
export function readEvidence(file: string): Evidence {
  const refuse = (got: string): never => {
    throw new Error(
      `--compare must name a file that 'rollouts evidence' has written, got ${got}; write it with 'rollouts evidence NAME > evidence.json' [NotEvidence]`,
    );
  };
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return refuse(error instanceof SyntaxError ? `'${file}', which is no JSON` : `'${file}', which cannot be read`);
  }
  const parsed = v.safeParse(evidence, found);
  if (!parsed.success) {
    const [{ path, message }] = parsed.issues;
    return refuse(
      `'${file}', where ${path?.map(({ key }) => String(key)).join('.') ?? 'the whole'} is wrong: ${message}`,
    );
  }
  if (parsed.output.totalSeconds === null) {
    throw new Error(
      `--compare must name the evidence of a rollout that has ended, got rollout ${parsed.output.rolloutId}, which is ${parsed.output.outcome} [NotEnded]`,
    );
  }
  return parsed.output;
}

interface Step {
  readonly name: string;
  readonly at: number;
}

/** The same words for the same thing: the record's, and the landmarks' of a rehearsal. */
const REAL: Readonly<Record<string, (detail: string) => string>> = {
  TrafficShifted: (detail) => detail,
  RollbackStarted: () => 'rollback',
};
const REHEARSED: typeof REAL = { PhaseEntered: (detail) => detail, RollbackStarted: () => 'rollback' };

const stepsOf = (timeline: readonly Evidence['timeline'][number][], words: typeof REAL, zero: number): Step[] =>
  timeline.flatMap(({ event, detail, atSeconds }) =>
    Object.hasOwn(words, event) ? [{ name: words[event](detail), at: atSeconds - zero }] : [],
  );

/**
 * Holds a rehearsal against a real rollout of the same endpoint.
 *
 * @throws Error when they are of different endpoints, or no engine was rehearsed
 */
export function compare(rehearsal: Outcome, real: Evidence): Comparison {
  const { endpoint, timeline, outcome, reason, scenario, totalSeconds } = rehearsal;
  if (endpoint !== real.endpoint) {
    throw new Error(
      `--compare must name evidence of endpoint ${endpoint}, got rollout ${real.rolloutId} of ${real.endpoint} [OtherEndpoint]`,
    );
  }
  // The record counts from the rollout's own beginning, a rehearsal from that of the deployment.
  const began = timeline.find(({ source, event }) => source === 'states' && event === 'ExecutionStarted');
  if (began === undefined) {
    throw new Error(
      `--compare must be given for an endpoint that a ModelDeployment owns, got ${endpoint}, whose rehearsal has no rollout [NoRollout]`,
    );
  }
  const really = stepsOf(real.timeline, REAL, 0);
  const rehearsed = stepsOf(timeline, REHEARSED, began.atSeconds);
  const steps = [...aligned(really, rehearsed), stepOf('end', real.totalSeconds, totalSeconds - began.atSeconds)];
  return {
    schemaVersion: 1,
    endpoint,
    rolloutId: real.rolloutId,
    scenario,
    outcome: { real: real.outcome, rehearsed: outcome, same: real.outcome === outcome },
    reason: { real: real.reason, rehearsed: reason },
    sameOrder: steps.every(({ laterSeconds }) => laterSeconds !== null),
    steps,
  };
}

/** Both in one list: what is in both, in the order of both, stands side by side. */
function aligned(real: readonly Step[], rehearsed: readonly Step[]): ComparedStep[] {
  // common[i][j]: the most steps that the lists from i and from j on have in common, in order.
  const common = Array.from({ length: real.length + 1 }, () => new Array<number>(rehearsed.length + 1).fill(0));
  for (let i = real.length - 1; i >= 0; i--) {
    for (let j = rehearsed.length - 1; j >= 0; j--) {
      const same = real[i].name === rehearsed[j].name;
      common[i][j] = same ? 1 + common[i + 1][j + 1] : Math.max(common[i + 1][j], common[i][j + 1]);
    }
  }
  const steps: ComparedStep[] = [];
  let [i, j] = [0, 0];
  while (i < real.length || j < rehearsed.length) {
    const [one, other] = [real[i], rehearsed[j]];
    if (one !== undefined && one.name === other?.name) steps.push(stepOf(one.name, real[i++].at, rehearsed[j++].at));
    else if (other === undefined || (one !== undefined && common[i + 1][j] >= common[i][j + 1])) {
      steps.push(stepOf(one.name, real[i++].at, null));
    } else steps.push(stepOf(other.name, null, rehearsed[j++].at));
  }
  return steps;
}

const tenths = (seconds: number): number => Math.round(10 * seconds) / 10;

const stepOf = (step: string, real: number | null, rehearsed: number | null): ComparedStep => ({
  step,
  real: real === null ? null : tenths(real),
  rehearsed: rehearsed === null ? null : tenths(rehearsed),
  laterSeconds: real === null || rehearsed === null ? null : tenths(real - rehearsed),
});
