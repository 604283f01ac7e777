import { championOf } from '../../champion';
import type { StackArtifact } from '../../cloudformation/template';
import type { EngineWorld } from '../../engine/engine-world';
import { handoverOf, runEngine } from '../../engine/run-engine';
import { knobSettings } from '../../knobs';
import { outcomeOf } from '../../outcome-of';
import { defineScenario, type Scenario } from '../../scenario';
import { Faults } from '../../services';
import type { Execution, HistoryEvent } from '../../states';
import type { CaseReport } from '../campaign';
import { Coverage } from '../coverage';
import { BEHAVIOURS, type BundleCase } from './bundle-case';
import { bundleViolations } from './bundle-violations';

/** What came of a case; its outcome is `refused` when no rollout began. */
export interface BundleResult extends CaseReport {
  /** What happened, in one line an event, for a person. */
  readonly told: () => string;
}

/** Rehearses one case on its synthesized deployment, and says what did not hold. */
export async function runBundleCase(one: BundleCase, challenger: StackArtifact): Promise<BundleResult> {
  const { seed, knobs, stops } = one;
  const handover = handoverOf(challenger);
  if (handover === undefined)
    throw new Error(`stack ${challenger.name} must hand a rollout over, got none [NoRollout]`);
  const faults = new Faults(one.faults, true);
  let begun = false;
  const coverage = new Coverage();
  const left = new Set(stops);
  let longest = 0;
  const onEvent = (execution: Execution, event: HistoryEvent) => {
    coverage.event(execution, event);
    longest = Math.max(longest, event.id);
    const machine = execution.props.stateMachineName;
    const stop = [...left].find((each) => machine.endsWith(`-${each.machine}`) && each.event === event.id);
    if (!begun || stop === undefined || !execution.running) return;
    left.delete(stop);
    execution.stop('Stopped', 'by hand');
  };
  const begins = () => {
    begun = true;
    faults.wake();
  };
  const options = {
    champion: championOf(challenger),
    challenger,
    scenario: scenarioOf(one),
    seed,
    knobs: knobSettings(knobs),
  };
  let messages: readonly string[] = [];
  const ends = ({ further }: EngineWorld) => {
    messages = further.sns.published.map(({ subject }) => subject ?? '');
  };
  const run = await runEngine(options, handover, { faults, onEvent, begins, ends });
  const outcome = outcomeOf(run);
  coverage.struck(faults);
  return {
    outcome: run.result.status === 'UPDATE_COMPLETE' ? outcome.outcome : 'refused',
    violations: bundleViolations(one, outcome, messages),
    visited: coverage.visited,
    longest,
    told: () =>
      outcome.timeline
        .map(({ atSeconds, source, event, detail }) => `${atSeconds} ${source} ${event} ${detail.slice(0, 200)}`)
        .join('\n'),
  };
}

function scenarioOf({ model, requestsPerSecond, people }: BundleCase): Scenario {
  const challenger = BEHAVIOURS[model.kind];
  return defineScenario({
    name: model.kind,
    requestsPerSecond,
    // One instance can take everything: what is short is drawn apart.
    champion: { capacityPerInstance: 400 },
    ...(model.fromMinute === 0 ? { challenger } : { changes: [{ atSeconds: 60 * model.fromMinute, challenger }] }),
    people,
    expect: { outcome: model.kind === 'good' ? 'promoted' : 'rolledBack' },
  });
}
