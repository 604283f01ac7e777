import type { Behaviour, Scenario } from '../scenario';
import type { Predictions, ServiceMetric } from '../scenario-data';

/** How callers and both versions behave at one time. */
export interface BehaviourNow {
  readonly requestsPerSecond: number;
  readonly champion: Behaviour;
  readonly challenger: Behaviour;
  /** What both answer; undefined where the scenario says nothing of it. */
  readonly predictions: Predictions | undefined;
  readonly metrics: readonly ServiceMetric[];
}

/** The scenario's behaviour some seconds after the second deployment began; before it, only what it begins with. */
export function behaviourAt(scenario: Scenario, seconds: number | undefined): BehaviourNow {
  let { requestsPerSecond, champion, challenger, predictions, metrics = [] } = scenario;
  const due = scenario.changes.filter((change) => seconds !== undefined && change.atSeconds <= seconds);
  for (const change of [...due].sort((a, b) => a.atSeconds - b.atSeconds)) {
    requestsPerSecond = change.requestsPerSecond ?? requestsPerSecond;
    champion = { ...champion, ...change.champion };
    challenger = { ...challenger, ...change.challenger };
    predictions = predictions && { ...predictions, ...change.predictions };
    metrics = change.metrics ?? metrics;
  }
  return { requestsPerSecond, champion, challenger, predictions, metrics };
}
