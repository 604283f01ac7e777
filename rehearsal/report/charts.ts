import { LineChart } from 'echarts/charts';
import { GridComponent, MarkAreaComponent, MarkLineComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { Outcome, Sample } from '../outcome';
import type { Side } from '../scenario';
import { type Bake, bakesOf, type Mark, marksOf, middleOf, minutesAPoint, pooled, sharesOf } from './marks';
import { duration } from './words';

use([LineChart, GridComponent, MarkAreaComponent, MarkLineComponent, SVGRenderer]);

// Each colour of a plot is a placeholder that becomes a CSS variable, so that one picture serves light and dark.
const COLOURS = {
  '#010101': 'ink',
  '#020202': 'grid',
  '#030303': 'champion',
  '#040404': 'challenger',
  '#050505': 'bake',
  '#060606': 'bad',
} as const;
const [INK, GRID, CHAMPION, CHALLENGER, BAKE, BAD] = Object.keys(COLOURS) as (keyof typeof COLOURS)[];

/** One picture of a report: its heading, and the SVG for a wide and for a narrow page. */
export interface Chart {
  readonly title: string;
  readonly wide: string;
  readonly narrow: string;
}

interface Line {
  readonly side: Side;
  readonly points: readonly (readonly [number, number | null])[];
  readonly step?: 'end';
}

/** The three plots of a rehearsal over one time axis: traffic share, error rate, p99; empty plots are left out. */
export function chartsOf(outcome: Outcome): Chart[] {
  const marks = marksOf(outcome);
  const bakes = bakesOf(outcome);
  const plot = (title: string, unit: string, lines: readonly Line[], maximum?: number): Chart => {
    const at = (width: number) =>
      draw(`${title}-${width}`, width, options(outcome, unit, lines, marks, bakes, width, maximum));
    return { title, wide: at(960), narrow: at(350) };
  };
  const charts = [plot('Share of traffic at the new version', '%', [shareLine(outcome)], 100)];
  if (outcome.samples.length === 0) return charts;
  const minutes = minutesAPoint(outcome);
  const each = minutes === 1 ? '' : `, ${minutes} minutes a point`;
  const errorRate = ({ errors, requests }: Sample) => (100 * errors) / requests;
  charts.push(plot(`Error rate${each}`, '%', linesOf(outcome, minutes, errorRate)));
  const slowest = `Latency, 99th percentile${minutes === 1 ? '' : ', mean of its minutes'}${each}`;
  charts.push(
    plot(
      slowest,
      'ms',
      linesOf(outcome, minutes, (sample) => sample.latencyP99),
    ),
  );
  return charts;
}

const shareLine = (outcome: Outcome): Line => ({ side: 'challenger', points: sharesOf(outcome), step: 'end' });

/** A minute is one point. One without requests has no rate and no latency: the line breaks there. */
const linesOf = (outcome: Outcome, minutes: number, value: (sample: Sample) => number): Line[] => {
  const shares = sharesOf(outcome);
  return (['champion', 'challenger'] as const).map((side) => {
    const points: [number, number | null][] = [];
    let last = Number.NaN;
    const own = outcome.samples.filter((sample) => sample.side === side && sample.requests > 0);
    const long = 60 * minutes;
    for (const sample of pooled(own, minutes)) {
      if (sample.atSeconds - last > 1.5 * long) points.push([last + 1.5 * long, null]);
      points.push([minutes === 1 ? middleOf(sample, shares) : sample.atSeconds + long / 2, value(sample)]);
      last = sample.atSeconds;
    }
    return { side, points };
  });
};

function options(
  outcome: Outcome,
  unit: string,
  lines: readonly Line[],
  marks: readonly Mark[],
  bakes: readonly Bake[],
  width: number,
  maximum: number | undefined,
): EChartsCoreOption {
  const label = { color: INK, fontSize: 11 };
  return {
    animation: false,
    grid: { left: 52, right: 16, top: maximum === undefined ? 12 : 10 + 13 * Math.max(1, marks.length), bottom: 26 },
    xAxis: {
      type: 'value',
      min: 0,
      max: outcome.totalSeconds,
      interval: tick(outcome.totalSeconds, width > 500 ? 8 : 4),
      axisLabel: { ...label, formatter: (seconds: number) => duration(seconds), showMaxLabel: false },
      axisLine: { lineStyle: { color: GRID } },
      axisTick: { show: false },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      min: 0,
      ...(maximum === undefined ? { splitNumber: 3 } : { max: maximum, interval: maximum / 4 }),
      axisLabel: { ...label, formatter: (value: number) => `${value} ${unit}` },
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { lineStyle: { color: GRID } },
    },
    series: lines.map(({ side, points, step }, i) => ({
      type: 'line',
      step: step ?? false,
      data: points,
      symbol: points.length === 1 ? 'circle' : 'none',
      color: side === 'champion' ? CHAMPION : CHALLENGER,
      lineStyle: { width: 2, type: side === 'champion' ? [5, 3] : 'solid' },
      ...(step === undefined ? {} : { areaStyle: { opacity: 0.25 } }),
      ...(i === 0
        ? { markArea: bakeAreas(bakes), markLine: markLines(marks, maximum !== undefined, outcome.totalSeconds) }
        : {}),
    })),
  };
}

const bakeAreas = (bakes: readonly Bake[]) => ({
  silent: true,
  itemStyle: { color: BAKE },
  data: bakes.map(({ fromSeconds, toSeconds }) => [{ xAxis: fromSeconds }, { xAxis: toSeconds }]),
});

/**
 * Labels stand in the first plot only, inside it even at its ends; two moments closer than their words share the line, not
 * the place.
 */
const markLines = (marks: readonly Mark[], labelled: boolean, totalSeconds: number) => ({
  silent: true,
  symbol: 'none',
  data: marks.map(({ atSeconds, label, tone }, i) => ({
    xAxis: atSeconds,
    lineStyle: { color: tone === 'bad' ? BAD : INK, type: 'solid', width: 1 },
    label: {
      show: labelled,
      formatter: label,
      color: tone === 'bad' ? BAD : INK,
      fontSize: 11,
      distance: 3 + 13 * i,
      align: alignment(atSeconds / totalSeconds),
    },
  })),
});

const alignment = (place: number) => (place < 0.1 ? 'left' : place > 0.9 ? 'right' : 'center');

const NICE = [10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 172_800, 604_800];
const tick = (total: number, ticks: number) => NICE.find((step) => total / step <= ticks) ?? total / ticks;

function draw(name: string, width: number, option: EChartsCoreOption): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height: 170 });
  try {
    chart.setOption(option);
    // The library counts its charts a process in ids and classes; the same picture must be the same bytes.
    const svg = chart
      .renderToSVGString()
      .replace(/<style[^>]*>[\s\S]*?<\/style>/g, '')
      .replace(/ class="zr[^"]*"/g, '')
      .replace(/\bzr\d+-/g, `${name.replace(/\W+/g, '-').toLowerCase()}-`);
    return Object.entries(COLOURS).reduce((text, [from, to]) => text.replaceAll(from, `var(--${to})`), svg);
  } finally {
    // A chart that is not disposed keeps the process alive.
    chart.dispose();
  }
}
