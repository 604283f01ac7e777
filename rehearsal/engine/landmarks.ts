import type { WorldLog } from '../log';
import type { Json } from '../services';
import type { Execution, HistoryEvent } from '../states';

interface Exit {
  readonly name: string;
  readonly output: Json;
}

/** States of the machines whose end is a landmark of a rollout, and what it is called in the log. */
const LANDMARKS: Readonly<
  Record<string, (output: Json) => { readonly event: string; readonly detail: string } | null>
> = {
  Seize: ({ seized }) => (seized?.seized === true ? { event: 'RollbackStarted', detail: seized.reason } : null),
  IsStillRestored: ({ transition }) =>
    transition?.settled === true ? { event: 'RollbackConfirmed', detail: 'the champion has all traffic' } : null,
  NotePhase: ({ phase }) => ({ event: 'PhaseEntered', detail: `${phase?.kind}: challenger at ${phase?.percent} %` }),
  Promote: () => ({ event: 'RolloutPromoted', detail: 'the challenger is the champion' }),
};

/** Writes the landmarks of rollouts into the world's log, as they pass by in the histories of executions. */
export function landmarks(log: WorldLog) {
  return ({ props }: Execution, { type, details }: HistoryEvent): void => {
    if (!type.endsWith('StateExited')) return;
    const { name, output } = details as unknown as Exit;
    const landmark = Object.hasOwn(LANDMARKS, name) ? LANDMARKS[name](output ?? {}) : null;
    if (landmark === null) return;
    log.record('engine', landmark.event, landmark.detail, { execution: props.arn, machine: props.stateMachineName });
  };
}
