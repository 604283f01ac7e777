import { hold, type Verdict } from '../verdict';
import { type AlarmData, type AlarmRule, judgeAlarm } from './alarm';
import { type CeilingData, type CeilingRule, judgeCeiling } from './ceiling';
import { type CountDifferenceRule, judgeCountDifference } from './count-difference';
import { type CountRatioRule, judgeCountRatio } from './count-ratio';
import { type DisagreementData, type DisagreementRule, judgeDisagreement } from './disagreement';
import { type DriftData, type DriftRule, judgeDrift } from './drift';
import { type ExceedanceRule, judgeExceedance } from './exceedance';
import { type FairnessData, type FairnessRule, judgeFairness } from './fairness';
import { judgeMean, type MeanRule } from './mean';
import { ReplayMemory } from './memory';
import { judgeNumericDifference, type NumericDifferenceData, type NumericDifferenceRule } from './numeric-difference';
import { judgeOffline, type OfflineData, type OfflineRule } from './offline';
import { isRecord, shown } from './reading';
import { judgeSampleRatio, type SampleRatioData, type SampleRatioRule } from './sample-ratio';
import type { SeriesData } from './series';
import { judgeWatch, type WatchRule } from './watch';

/** Every rule there is: what it is configured with, and what data it looks at. */
export interface Rules {
  readonly countDifference: { readonly rule: CountDifferenceRule; readonly data: SeriesData };
  readonly countRatio: { readonly rule: CountRatioRule; readonly data: SeriesData };
  readonly exceedance: { readonly rule: ExceedanceRule; readonly data: SeriesData };
  readonly mean: { readonly rule: MeanRule; readonly data: SeriesData };
  readonly sampleRatio: { readonly rule: SampleRatioRule; readonly data: SampleRatioData };
  readonly disagreement: { readonly rule: DisagreementRule; readonly data: DisagreementData };
  readonly drift: { readonly rule: DriftRule; readonly data: DriftData };
  readonly fairness: { readonly rule: FairnessRule; readonly data: FairnessData };
  readonly numericDifference: { readonly rule: NumericDifferenceRule; readonly data: NumericDifferenceData };
  readonly offline: { readonly rule: OfflineRule; readonly data: OfflineData };
  readonly watch: { readonly rule: WatchRule; readonly data: SeriesData };
  readonly alarm: { readonly rule: AlarmRule; readonly data: AlarmData };
  readonly ceiling: { readonly rule: CeilingRule; readonly data: CeilingData };
}

/** Name of a rule. */
export type RuleKind = keyof Rules;

/** Config of any rule: plain JSON that travels in a plan. Its `kind` says which rule. */
export type Rule = Rules[RuleKind]['rule'];

/** Data of any rule: plain JSON. */
export type RuleData = Rules[RuleKind]['data'];

type Judge<K extends RuleKind> = (rule: Rules[K]['rule'], data: Rules[K]['data'], memory: ReplayMemory) => Verdict;

/** A missing entry does not compile. */
const table: { readonly [K in RuleKind]: Judge<K> } = {
  alarm: judgeAlarm,
  ceiling: judgeCeiling,
  countDifference: judgeCountDifference,
  countRatio: judgeCountRatio,
  disagreement: judgeDisagreement,
  drift: judgeDrift,
  exceedance: judgeExceedance,
  fairness: judgeFairness,
  mean: judgeMean,
  numericDifference: judgeNumericDifference,
  offline: judgeOffline,
  sampleRatio: judgeSampleRatio,
  watch: judgeWatch,
};

/** The names of all rules. */
export const ruleKinds = Object.keys(table) as readonly RuleKind[];

/**
 * Judges `data` by `rule`. Total: whatever comes in, a verdict comes out; an unknown rule, input of another shape and a
 * failure inside a rule are all `hold`, with a reason that says what was wrong. The same input gives the same verdict.
 *
 * @param memory of the gate's look before, one for each gate: the verdict is the same with a new one, and costs more
 */
export function judge<K extends RuleKind>(
  rule: Rules[K]['rule'] & { readonly kind: K },
  data: Rules[K]['data'],
  memory: ReplayMemory = new ReplayMemory(),
): Verdict {
  try {
    if (!isRecord(rule)) return hold(`a rule must be an object, got ${shown(rule)}`);
    const kind: unknown = rule.kind;
    if (typeof kind !== 'string' || !Object.hasOwn(table, kind)) {
      return hold(`kind must be one of ${ruleKinds.join(', ')}, got ${shown(kind)}`);
    }
    if (!isRecord(data)) return hold(`data must be an object, got ${shown(data)}`, { rule: kind });
    return (table[kind as RuleKind] as Judge<RuleKind>)(rule as never, data as never, memory);
  } catch (error) {
    return hold(`the rule could not judge this input: ${error instanceof Error ? error.message : 'unknown failure'}`);
  }
}
