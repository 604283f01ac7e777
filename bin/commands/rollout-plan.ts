import { plainTable } from '../../rehearsal/report/terminal';
import { duration } from '../../rehearsal/report/words';
import type { SynthesizedStack } from './assembly';
import { isoSeconds } from './endpoint-plan';

/** A phase of a rollout, as the template's plan has it. */
interface PlannedPhase {
  readonly kind: string;
  readonly percent?: number;
  readonly samplingPercent?: number;
  readonly minimumRequests?: number;
  readonly holdbackPercent?: number;
  readonly bake?: string;
  readonly deadline?: string;
  readonly approval?: boolean;
}

/** How a new version of an endpoint that an engine owns takes over. */
export interface RolloutPlan {
  readonly stack: string;
  readonly endpoint: string;
  readonly strategy: string;
  readonly onUndecided: string;
  readonly phases: readonly PlannedPhase[];
}

/** The plans of a stack: one for each endpoint that it hands over to an engine. */
export function rolloutPlansOf({ name: stack, resources }: SynthesizedStack): RolloutPlan[] {
  return Object.values(resources)
    .filter(({ Type }) => Type === 'Custom::RolloutSpec')
    .map(({ Properties = {} }) => {
      const { strategy, onUndecided, phases } = Properties['Plan'] as Omit<RolloutPlan, 'stack' | 'endpoint'>;
      return { stack, endpoint: String(Properties['Endpoint']), strategy, onUndecided, phases };
    });
}

/** A rollout's phases as a table, and what happens where nobody can decide. */
export function renderRollout({ stack, endpoint, strategy, onUndecided, phases }: RolloutPlan): string {
  const table = plainTable(['phase', 'share', 'watched for', 'until', 'given up after', 'and'], [8, 9, 13, 11, 16, 22]);
  let elapsed = 0;
  for (const phase of phases) {
    const bake = phase.bake === undefined ? 0 : isoSeconds(phase.bake);
    elapsed += bake;
    const deadline = phase.deadline === undefined ? '–' : time(isoSeconds(phase.deadline));
    table.push([phase.kind, shareOf(phase), bake === 0 ? '–' : time(bake), time(elapsed), deadline, furtherOf(phase)]);
  }
  const undecided =
    onUndecided === 'champion' ? 'all traffic goes back to the version before it' : 'traffic stays where it is';
  const title = `${endpoint} (stack ${stack}): ${strategy}, run by an engine`;
  return `${title}\n\n${table.toString().replace(/[^\S\n]+$/gm, '')}\n\nundecided: ${undecided}, and a person decides\n`;
}

const time = (seconds: number) => (Number.isFinite(seconds) ? duration(seconds) : 'known at deployment');

function shareOf({ kind, percent, samplingPercent, holdbackPercent }: PlannedPhase): string {
  if (kind === 'stage') return `${percent} %`;
  if (kind === 'watch') return `${100 - (holdbackPercent ?? 0)} %`;
  return kind === 'shadow' ? `${samplingPercent} % copy` : '0 %';
}

function furtherOf({ minimumRequests, approval }: PlannedPhase): string {
  if (minimumRequests !== undefined) return `${minimumRequests} requests`;
  return approval === true ? 'a person agrees' : '';
}
