import { FleetMetricAlarm } from '../bases/rollback-alarm';
import { requireKinds } from '../private/kinds';
import { Problems } from '../private/problems';
import { errorRateSignal, requireRate } from '../private/signals';

/** How many errors a model may make. */
export interface ErrorRateAlarmProps {
  /**
   * Share of requests, 0-1, that the model may answer with 5xx.
   *
   * @default 0.02
   */
  readonly maximumRate?: number;
}

/**
 * Too many requests answered with 5xx, in two minutes of five; in three of seven where fewer than 10 requests a second are
 * declared. Client errors (4xx) do not count.
 *
 * @example
 * new rollouts.ErrorRateAlarm({ maximumRate: 0.02 });
 */
export class ErrorRateAlarm extends FleetMetricAlarm {
  constructor(props: ErrorRateAlarmProps = {}) {
    requireKinds('ErrorRateAlarm', props, {});
    const rate = props.maximumRate ?? 0.02;
    const problems = new Problems('ErrorRateAlarm');
    requireRate(problems, 'maximumRate', rate);
    problems.throwIfAny();
    super('ErrorRate', errorRateSignal(rate));
  }
}
