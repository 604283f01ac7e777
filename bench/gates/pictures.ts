import { App, aws_cloudwatch as cloudwatch, Duration, Stack, aws_s3 as s3 } from 'aws-cdk-lib';
import { type AlarmLevel, judge, type Rule, readGateAnswer, type SeriesData, type Verdict } from '../../decision';
import * as rollouts from '../../lib';
import type { Panel, Picture } from './chart';
import { binomial, generator, normal } from './random';

const stack = new Stack(new App(), 'Pictures');
const bucket = s3.Bucket.fromBucketName(stack, 'Bucket', 'data');
const context = new rollouts.GateContext({ endpointName: 'fraud', capture: { bucket } });

interface Definition {
  readonly rules: { readonly stage: Rule } & readonly Rule[];
  readonly checks: readonly { readonly rule: Rule }[];
}
/** What the gate is bound to: the pictures show the rules that a deployment gets, with their defaults. */
const bound = (gate: rollouts.Gate) => gate.bind(stack, context).definition as unknown as Definition;

/** Requests a minute of a model that serves 25 % of 40 requests a second, and of the champion beside it. */
const REQUESTS = { challenger: 600, champion: 1800 };

type Arm = { readonly sum: number; readonly count: number };
type Draw = (seed: number, minutes: number) => SeriesData;

/** A stage minute by minute: events among requests, by chance. */
const events =
  (challenger: number, champion: number): Draw =>
  (seed, minutes) => {
    const random = generator(seed);
    const arm = (count: number, rate: number): Arm => ({ sum: binomial(random, count, rate), count });
    return series(minutes, () => ({
      challenger: arm(REQUESTS.challenger, challenger),
      champion: arm(REQUESTS.champion, champion),
    }));
  };

/** Revenue a request: 1.00 on average, 1.5 as much spread. */
const revenue =
  (challenger: number): Draw =>
  (seed, minutes) => {
    const random = generator(seed);
    const arm = (count: number, mean: number): Arm => ({
      sum: count * mean + Math.sqrt(count) * 1.5 * normal(random),
      count,
    });
    return series(minutes, () => ({
      challenger: arm(REQUESTS.challenger, challenger),
      champion: arm(REQUESTS.champion, 1),
    }));
  };

function series(minutes: number, minute: () => { readonly challenger: Arm; readonly champion: Arm }): SeriesData {
  const periods = Array.from({ length: minutes }, (_, i) => ({ start: 60 * i, ...minute() }));
  return { periodSeconds: 60, asOf: 60 * minutes, periods };
}

/** Judges a growing part of a stage, as a look every few minutes does. */
function looks(rule: Rule, whole: SeriesData, every: number): readonly (readonly [minute: number, verdict: Verdict])[] {
  const found: (readonly [number, Verdict])[] = [];
  for (let n = every; n <= whole.periods.length; n += every) {
    const data = { ...whole, asOf: 60 * n, periods: whole.periods.slice(0, n) };
    found.push([n, judge(rule as never, data as never)]);
  }
  return found;
}

const number = (value: unknown): number => (typeof value === 'number' ? value : 0);
const spoke = (all: readonly (readonly [number, Verdict])[]) => {
  const first = all.find(([, { kind }]) => kind !== 'hold');
  return first === undefined ? undefined : { at: first[0], kind: first[1].kind };
};

/** When the last word was said for the first time. */
const last = (all: readonly (readonly [number, Verdict])[]) => {
  const { kind } = all[all.length - 1][1];
  const before = all.filter((look) => look[1].kind !== kind);
  const since = all.find(([x]) => before.every(([earlier]) => earlier < x));
  return { at: since?.[0] ?? all[0][0], kind };
};

/** Evidence of both sides of a counting rule, in powers of ten of the odds. */
function evidencePanel(title: string, rule: Rule, whole: SeriesData): Panel {
  const all = looks(rule, whole, 2);
  const tens = (name: string) => all.map(([x, { evidence }]) => [x, number(evidence[name]) / Math.LN10] as const);
  return {
    title,
    lines: [
      { name: 'evidence of harm', points: tens('logHarm') },
      { name: 'evidence of safety', points: tens('logSafe') },
    ],
    level: { name: 'enough: 100 to 1', y: 2 },
    verdict: spoke(all),
  };
}
const evidence = (panels: readonly [Panel, Panel]): Picture => ({
  xName: 'minutes under observation',
  yName: 'powers of ten',
  yMin: -4,
  yMax: 5,
  panels,
});

function errorRate(): Picture {
  const { stage } = bound(new rollouts.ErrorRateGate()).rules;
  return evidence([
    evidencePanel('good: 1 % errors, as the champion', stage, events(0.01, 0.01)(3, 120)),
    evidencePanel('bad: 3 % errors against 1 %', stage, events(0.03, 0.01)(4, 120)),
  ]);
}

function latency(): Picture {
  const { stage } = bound(new rollouts.LatencyGate({ ceiling: Duration.millis(250) })).rules;
  return evidence([
    evidencePanel('good: 0.4 % slower than 250 ms', stage, events(0.004, 0.004)(5, 60)),
    evidencePanel('bad: 2 % slower than 250 ms', stage, events(0.02, 0.004)(6, 60)),
  ]);
}

function businessMetric(): Picture {
  const conversions = new cloudwatch.Metric({ namespace: 'Shop', metricName: 'Revenue' });
  const gate = new rollouts.BusinessMetricGate({ metric: rollouts.ComparedMetric.byVariant(conversions) });
  const { stage } = bound(gate).rules;
  const panel = (title: string, whole: SeriesData): Panel => {
    const all = looks(stage, whole, 10).filter(([x]) => x >= 20);
    const at = (sign: -1 | 0 | 1) =>
      all.map(([x, verdict]) => {
        const { mean, radius } = verdict.evidence['stage'] as { mean: number; radius: readonly number[] };
        return [x, mean + sign * (sign < 0 ? radius[1] : radius[0])] as const;
      });
    return {
      title,
      lines: [
        { name: 'highest that is plausible', points: at(1) },
        { name: 'lowest that is plausible', points: at(-1) },
        { name: 'measured', points: at(0) },
      ],
      level: { name: 'just tolerable', y: 0 },
      verdict: spoke(all),
    };
  };
  return {
    xName: 'minutes under observation',
    yName: 'revenue a request, beyond 98 % of the champion',
    yMin: -0.15,
    yMax: 0.15,
    panels: [panel('good: earns as much', revenue(1)(7, 1440)), panel('bad: earns 6 % less', revenue(0.94)(8, 1440))],
  };
}

function shadowDivergence(): Picture {
  const [rule] = bound(new rollouts.ShadowDivergenceGate({ maximumRate: 0.02 })).rules;
  const panel = (title: string, rate: number, seed: number): Panel => {
    const random = generator(seed);
    let [pairs, disagreements] = [0, 0];
    const all = Array.from({ length: 50 }, (_, i) => {
      pairs += 300;
      disagreements += binomial(random, 300, rate);
      return [i + 1, judge(rule as never, { pairs, disagreements, unjoined: 0, hours: i + 1 } as never)] as const;
    });
    const percent = (name: string) => all.map(([x, verdict]) => [x, 100 * number(verdict.evidence[name])] as const);
    return {
      title,
      lines: [
        { name: 'highest that is plausible', points: percent('upper') },
        { name: 'lowest that is plausible', points: percent('lower') },
        { name: 'measured', points: percent('share') },
      ],
      level: { name: 'allowed', y: 2 },
      verdict: spoke(all),
    };
  };
  return {
    xName: 'hours in the shadow, 300 requests each',
    yName: '% of predictions that differ',
    yMin: 0,
    yMax: 5,
    panels: [panel('good: 1 % differ', 0.01, 9), panel('bad: 3 % differ', 0.03, 10)],
  };
}

function offlineEvaluation(): Picture {
  const report = rollouts.EvaluationReport.fromBucket(bucket, 'v7.json');
  const check = rollouts.EvaluationCheck.comparison({
    metric: rollouts.MetricPlace.sklearnAccuracy(),
    direction: rollouts.Direction.HIGHER_IS_BETTER,
    absoluteMargin: 0.01,
  });
  const gate = new rollouts.OfflineEvaluationGate({ report, championReport: report, checks: [check] });
  const [{ rule }] = bound(gate).checks;
  const panel = (title: string, accuracy: number, seed: number): Panel => {
    const random = generator(seed);
    let [trials, right, champion] = [0, 0, 0];
    const all = Array.from({ length: 60 }, () => {
      trials += 500;
      right += binomial(random, 500, accuracy);
      champion += binomial(random, 500, 0.92);
      const arm = (value: number) => ({ value: value / trials, trials });
      const slices = [{ name: 'all', challenger: arm(right), champion: arm(champion) }];
      return [trials, judge(rule as never, { slices } as never)] as const;
    });
    const line = (name: 'pHarm' | 'pSafe') =>
      all.map(([x, verdict]) => {
        const [slice] = verdict.evidence['slices'] as readonly { pHarm: number; pSafe: number }[];
        return [x, -Math.log10(Math.max(1e-9, slice[name]))] as const;
      });
    return {
      title,
      lines: [
        { name: 'evidence of harm', points: line('pHarm') },
        { name: 'evidence of safety', points: line('pSafe') },
      ],
      level: { name: 'enough: a chance of 5 %', y: -Math.log10(0.05) },
      // A report is looked at once, when it is complete.
      verdict: { at: trials, kind: all[all.length - 1][1].kind },
    };
  };
  return {
    xName: 'examples in both reports',
    yName: 'powers of ten',
    yMin: 0,
    yMax: 5,
    panels: [panel('good: accuracy 92 %, as the champion', 0.92, 11), panel('bad: accuracy 89.5 %', 0.895, 12)],
  };
}

const KINDS = ['fail', 'hold', 'pass'];

/** The verdict itself over time, for gates that have no evidence of their own. */
function verdicts(title: string, all: readonly (readonly [number, Verdict])[]): Panel {
  const points = all.map(([x, { kind }]) => [x, KINDS.indexOf(kind)] as const);
  return { title, lines: [{ name: 'verdict of each tick', points, step: true }], verdict: last(all) };
}

function alarms(): Picture {
  const rule: Rule = { kind: 'alarm', alarms: ['refunds'] };
  const at = (minute: number, state: string) =>
    [minute, judge(rule as never, { alarms: [{ name: 'refunds', state } satisfies AlarmLevel] })] as const;
  const minutes = Array.from({ length: 31 }, (_, i) => i);
  const starting = (i: number) => (i < 4 ? 'INSUFFICIENT_DATA' : 'OK');
  return {
    xName: 'minutes under observation',
    yName: '',
    words: KINDS,
    panels: [
      verdicts(
        'good: the alarm finds its data and stays OK',
        minutes.map((i) => at(i, starting(i))),
      ),
      verdicts(
        'bad: the alarm rings after 18 minutes',
        minutes.map((i) => at(i, i < 18 ? starting(i) : 'ALARM')),
      ),
    ],
  };
}

function functions(): Picture {
  const said = (kind: string, reason: string) => ({ schemaVersion: 1, kind, reason });
  const good = (i: number) =>
    i < 6 ? said('hold', `${i * 50} of 300 cases seen`) : said('pass', 'all 300 cases agree');
  // A time-out is no answer at all, and no answer is a hold.
  const bad = (i: number) => (i < 6 || i > 9 ? good(Math.min(i, 5)) : undefined);
  const minutes = Array.from({ length: 16 }, (_, i) => i);
  const answers = (answer: (i: number) => unknown) => minutes.map((i) => [i, readGateAnswer(answer(i))] as const);
  return {
    xName: 'minutes under observation',
    yName: '',
    words: KINDS,
    panels: [
      verdicts('good: holds until it has seen enough', answers(good)),
      verdicts(
        'bad: times out, then refuses',
        answers((i) => (i > 11 ? said('fail', '9 of 300 cases break a rule') : bad(i))),
      ),
    ],
  };
}

/** Every picture by the name of its gate's page. */
export const pictures: { readonly [page: string]: () => Picture } = {
  'alarm-gate': alarms,
  'business-metric-gate': businessMetric,
  'error-rate-gate': errorRate,
  'function-gate': functions,
  'latency-gate': latency,
  'offline-evaluation-gate': offlineEvaluation,
  'shadow-divergence-gate': shadowDivergence,
};
