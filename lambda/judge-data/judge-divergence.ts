import {
  allMustPass,
  type Evidence,
  hold,
  judge,
  parsePath,
  type Rule,
  type RuleData,
  type Verdict,
} from '../../decision';
import type { CaptureReport } from './capture-fold';
import type { CaptureRequest, CapturesRead } from './capture-request';
import { type DivergenceSummary, PERIOD_MS } from './divergence-summary';
import type { DivergenceGate, JudgeDataEvent } from './event';
import type { CaptureReader } from './remember-captures';

const HOUR = 3_600_000;
/** SageMaker delivers captures minutes after the request: what is younger than this is left for the next tick. */
const DELIVERY_LAG_MS = 15 * 60_000;

/** Compares what champion and shadow answered to the same requests, and judges it by every rule of the gate. */
export async function judgeDivergence(
  gate: DivergenceGate,
  event: JudgeDataEvent,
  captures: CaptureReader,
): Promise<Verdict> {
  const { champion, challenger, shadow } = event;
  if (champion === null || shadow === null) return hold('the event names no champion or no shadow to compare');
  const prefixOf = (variant: string) =>
    [gate.captures.prefix.replace(/\/+$/, ''), event.endpoint, variant].filter((part) => part !== '').join('/');
  const request: CaptureRequest = {
    bucket: gate.captures.bucket,
    prefixes: { champion: prefixOf(champion.variant), challenger: prefixOf(challenger.variant) },
    from: event.startedAt,
    to: event.at - DELIVERY_LAG_MS,
    joinOn: gate.joinOn,
    output: { ...gate.output, path: parsePath(gate.output.path) ?? [] },
    tolerance: gate.output.tolerance,
    bytesInFull: gate.bytesInFull,
  };
  const verdict = judgeCaptures(gate, shadow, await captures(request, false));
  // Nothing passes on memory alone.
  return verdict.kind === 'pass' ? judgeCaptures(gate, shadow, await captures(request, true)) : verdict;
}

function judgeCaptures(gate: DivergenceGate, shadow: Promised, { report, summary }: CapturesRead): Verdict {
  const about = evidence(report, summary);
  const doubt = whyUnusable(report, gate.maximumUnusableShare);
  if (doubt !== undefined) return hold(doubt, about);
  const verdicts = gate.rules.map((rule) => ({
    name: 'measure' in rule ? `${rule.kind} ${String(rule['measure'])}` : rule.kind,
    verdict: judgeBy(rule as Rule, summary, report, shadow),
  }));
  const whole = allMustPass(verdicts);
  return { ...whole, evidence: { ...whole.evidence, captures: about } };
}

type Promised = NonNullable<JudgeDataEvent['shadow']>;

/** One rule on the counts; the shadow's own minimum stands above what a rule would be content with. */
function judgeBy(rule: Rule, summary: DivergenceSummary, report: CaptureReport, promised: Promised): Verdict {
  const hours = Math.max(0, (summary.lastTime - summary.firstTime) / HOUR);
  const minimum = { minimumRequests: promised.minimumRequests, minimumHours: promised.minimumHours };
  const shadow = { pairs: summary.total().compared, unjoined: unjoined(report, promised.samplingPercent), hours };
  const verdict = judge({ ...minimum, ...rule } as never, dataFor(rule, summary, shadow) as RuleData);
  if (verdict.kind !== 'pass') return verdict;
  // A request may hold many predictions: enough of these is not yet enough of those.
  const enough = summary.pairs >= promised.minimumRequests && hours >= promised.minimumHours;
  return enough
    ? verdict
    : hold(
        `${summary.pairs} requests in ${Math.floor(hours * 100) / 100} h, needed are ${promised.minimumRequests} and ${promised.minimumHours} h`,
        verdict.evidence,
      );
}

function dataFor(rule: Rule, summary: DivergenceSummary, shadow: { pairs: number; unjoined: number; hours: number }) {
  if (rule.kind === 'drift') return summary.outputs();
  if (rule.kind === 'countDifference') return unreadable(summary);
  return { ...shadow, disagreements: summary.total().disagreed, ...summary.differences() };
}

/** Answers that are empty, null, NaN or of another shape, period by period: a rate that may not rise. */
function unreadable(summary: DivergenceSummary) {
  const counts = [...summary.periods].sort((a, b) => a[0] - b[0]);
  const periods = counts.map(([start, { compared, championUnreadable, challengerUnreadable }]) => ({
    start: start / 1000,
    challenger: { sum: challengerUnreadable, count: compared },
    champion: { sum: championUnreadable, count: compared },
  }));
  const last = periods.at(-1)?.start ?? 0;
  return { periodSeconds: PERIOD_MS / 1000, asOf: last + PERIOD_MS / 1000, periods };
}

/** Records whose partner is missing. A shadow that gets a sample of requests owes a partner only for that share. */
function unjoined({ champion, challenger }: CaptureReport, samplingPercent: number): number {
  const owed = ((champion.records - champion.duplicates) * samplingPercent) / 100;
  return challenger.unjoined + Math.max(0, Math.round(owed) - challenger.joined);
}

function whyUnusable(report: CaptureReport, allowed: number): string | undefined {
  if (report.emptyObjects.length > 0) return `captures are empty: ${report.emptyObjects.join(', ')}`;
  const duplicates = report.champion.duplicates + report.challenger.duplicates;
  const problems = { ...report.unusable, ...(duplicates === 0 ? {} : { duplicated: duplicates }) };
  const bad = Object.values(problems).reduce((sum, count) => sum + count, 0);
  const all = bad + report.champion.records + report.challenger.records - duplicates;
  if (all === 0) return 'no captured record was found';
  if (bad / all <= allowed) return undefined;
  const list = Object.entries(problems).map(([problem, count]) => `${count} ${problem}`);
  return `${bad} of ${all} captured lines cannot be used (${list.join(', ')}), a share of ${allowed} is allowed`;
}

function evidence(report: CaptureReport, summary: DivergenceSummary): Evidence {
  const { names, champion, challenger } = summary.outputs();
  return {
    ...(report as unknown as Evidence),
    requests: summary.pairs,
    otherShape: summary.otherShape,
    ...summary.total(),
    periodsWithPairs: summary.periods.size,
    outputs: { names, champion, challenger },
    differences: summary.description(),
  };
}
