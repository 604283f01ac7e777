import type { Behaviour, Scenario } from '../scenario';

/** How callers and both versions behave at one time. */
export interface BehaviourNow {
  readonly requestsPerSecond: number;
  readonly champion: Behaviour;
  readonly challenger: Behaviour;
}

/** The scenario's behaviour some seconds after the second deployment began; before it, only what it begins with. */
export function behaviourAt(scenario: Scenario, seconds: number | undefined): BehaviourNow {
  let { requestsPerSecond, champion, challenger } = scenario;
  const due = scenario.changes.filter((change) => seconds !== undefined && change.atSeconds <= seconds);
  for (const change of [...due].sort((a, b) => a.atSeconds - b.atSeconds)) {
    requestsPerSecond = change.requestsPerSecond ?? requestsPerSecond;
    champion = { ...champion, ...change.champion };
    challenger = { ...challenger, ...change.challenger };
  }
  return { requestsPerSecond, champion, challenger };
}
