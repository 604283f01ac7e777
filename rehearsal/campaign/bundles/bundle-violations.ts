import type { Outcome } from '../../outcome';
import type { BundleCase } from './bundle-case';

/** Samples and minutes in which a version of 30 % errors is nobody's secret. */
const PLENTY = { requestsPerSecond: 100, percent: 10 };

/** Everything that did not hold in a run, beside the invariants that every rehearsal checks: sentences; none is good. */
export function bundleViolations(one: BundleCase, outcome: Outcome, messages: readonly string[]): string[] {
  const { violations, outcome: ended, servedConfig } = outcome;
  const found = violations.filter(
    (each) =>
      !(each === 'nobody was told' && cannotTell(one)) &&
      !(isLeftOpen(each) && (isDeaf(one) || wasToldByCloudFormation(outcome))),
  );
  const bad = one.model.kind === 'errors' || one.model.kind === 'slow';
  const served = one.model.fromMinute === 0;
  if (bad && served && ended === 'promoted') found.push(`a version of ${one.model.kind} is promoted`);
  if (bad && served && calm(one) && servedConfig !== 'champion' && one.requestsPerSecond >= PLENTY.requestsPerSecond) {
    found.push(`a version of ${one.model.kind} ends ${ended}, and ${servedConfig} serves`);
  }
  if (isPlain(one) && ended !== 'promoted')
    found.push(`a good version with trouble that passes is ${ended}: ${outcome.reason}`);
  if (ended === 'rolledBack' && !messages.some((each) => each.endsWith('RolloutRolledBack')) && !cannotTell(one)) {
    found.push('rolledBack, and nobody was told');
  }
  return found;
}

/** A rollout that nobody ends: its lock is kept, and it has no outcome. */
const isLeftOpen = (violation: string): boolean =>
  violation === 'the rollout has no outcome' || /^the lock is kept by .* which is none$/.test(violation);

/** Nothing can hear that an execution was stopped when every event is lost. */
const isDeaf = ({ stops, knobs }: BundleCase): boolean => stops.length > 0 && knobs.eventDelivery === 'never';

/** Where not even going back is allowed the stack says so, and lets its owner try again. */
const wasToldByCloudFormation = ({ timeline }: Outcome): boolean =>
  timeline.some(({ event, detail }) => event === 'StackStatus' && detail.startsWith('UPDATE_ROLLBACK_FAILED'));

/** Who cannot read the record does not know whom to call about what; who cannot be called says nothing. */
const cannotTell = ({ faults }: BundleCase): boolean =>
  faults.some(({ api }) => api === 'sns:Publish' || api.startsWith('dynamodb:') || api === 'lambda:Invoke');

/** Nothing but trouble that passes. */
const calm = ({ faults, stops }: BundleCase): boolean =>
  stops.length === 0 && faults.every(({ kind, times = 1 }) => kind !== 'denied' && kind !== 'silent' && times <= 2);

/** A good model that meets nothing but trouble that passes, with traffic enough to be known by. */
function isPlain(one: BundleCase): boolean {
  const { plan, model, requestsPerSecond, people, knobs } = one;
  const asked = plan.approval;
  const alone = people.every(({ does }) => does === 'approve' || does === 'reject');
  return (
    calm(one) &&
    alone &&
    !asked &&
    model.kind === 'good' &&
    requestsPerSecond >= PLENTY.requestsPerSecond &&
    knobs.updateToServedConfig === 'noOp' &&
    hasTime(plan)
  );
}

/** A latency gate passes nothing before it has half an hour of metrics, of which some are on their way. */
const hasTime = ({ gates, stages }: BundleCase['plan']): boolean =>
  !gates.includes('latency') || stages[0].deadlineMinutes >= 40;
