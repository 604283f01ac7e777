import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkLineComponent, TitleComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([LineChart, GridComponent, LegendComponent, MarkLineComponent, TitleComponent, SVGRenderer]);

/** One line of a panel: points from left to right. */
export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly step?: boolean;
}

/** One model's story. */
export interface Panel {
  readonly title: string;
  readonly lines: readonly Line[];
  /** Level that evidence must reach, or that a value must keep to. */
  readonly level?: { readonly name: string; readonly y: number };
  /** When the gate spoke, and what it said. */
  readonly verdict?: { readonly at: number; readonly kind: string; readonly said?: string };
}

/** Both stories side by side, on the same axes. */
export interface Picture {
  readonly xName: string;
  readonly yName: string;
  /** Words at the heights of the y axis, where it has no numbers. */
  readonly words?: readonly string[];
  /** Height where the axis ends: evidence beyond it says nothing more. */
  readonly yMax?: number;
  readonly yMin?: number;
  /** Where the x axis ends; the last point when left out. */
  readonly xMax?: number;
  readonly panels: readonly [good: Panel, bad: Panel];
}

const COLOURS = ['#c2410c', '#1d6fb8', '#666666'];
const KINDS: Record<string, string> = { pass: '#15803d', fail: '#b91c1c', hold: '#a16207' };

/** Draws a picture as SVG. The same picture gives the same bytes. */
export function draw(picture: Picture): string {
  const { panels, words, xName, yName, yMin, yMax, xMax } = picture;
  const xs = panels.flatMap(({ lines }) => lines.flatMap(({ points }) => points.map(([x]) => x)));
  const grids = [
    { left: 62, width: 360 },
    { left: 492, width: 360 },
  ];
  const option: EChartsCoreOption = {
    animation: false,
    backgroundColor: '#ffffff',
    color: COLOURS,
    legend: { bottom: 0, itemGap: 36, icon: 'roundRect', itemHeight: 4, data: panels[0].lines.map(({ name }) => name) },
    title: panels.map(({ title }, i) => ({ text: title, left: grids[i].left, top: 2, textStyle: { fontSize: 14 } })),
    grid: grids.map((grid) => ({ ...grid, top: 64, bottom: 74 })),
    xAxis: panels.map((_, gridIndex) => ({
      gridIndex,
      type: 'value',
      name: xName,
      nameLocation: 'middle',
      nameGap: 26,
      max: xMax ?? Math.max(...xs),
      splitLine: { show: false },
    })),
    yAxis: panels.map((_, gridIndex) => ({
      gridIndex,
      name: gridIndex === 0 ? yName : '',
      nameTextStyle: { align: 'left', padding: [0, 0, 10, -44] },
      ...(words === undefined ? { type: 'value', min: yMin, max: yMax } : { type: 'category', data: words }),
    })),
    series: panels.flatMap((panel, i) => panel.lines.map((line, j) => series(panel, line, i, j === 0, picture))),
  };
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 880, height: 340 });
  chart.setOption(option);
  const svg = chart.renderToSVGString();
  chart.dispose();
  // For those who do not see it, and for those who rest their pointer on it.
  const title = `${panels[0].title}; ${panels[1].title}`;
  // The style is for a pointer that hovers over marks, which a printed picture has none of.
  const still = svg
    .replace(/<style[\s\S]*?<\/style>\n?/, '')
    // The library counts its charts a process in ids and classes; the same picture must be the same bytes.
    .replace(/ class="zr[^"]*"/g, '')
    .replace(/\bzr\d+-/g, 'gate-');
  return `${still.replace(/^<svg[^>]*>/, (tag) => `${tag}<title>${title}</title>`)}\n`;
}

function series({ level, verdict }: Panel, line: Line, axis: number, first: boolean, { yMin, yMax }: Picture) {
  const cut = (y: number) => Math.min(yMax ?? Infinity, Math.max(yMin ?? -Infinity, y));
  const marks = [
    ...(level === undefined ? [] : [{ yAxis: level.y, label: { formatter: level.name, position: 'insideEndTop' } }]),
    ...(verdict === undefined
      ? []
      : [
          {
            xAxis: verdict.at,
            lineStyle: { color: KINDS[verdict.kind], type: 'solid', width: 2 },
            label: { formatter: verdict.said ?? verdict.kind, color: KINDS[verdict.kind], fontWeight: 'bold' },
          },
        ]),
  ];
  return {
    name: line.name,
    type: 'line',
    xAxisIndex: axis,
    yAxisIndex: axis,
    showSymbol: false,
    step: line.step === true ? 'start' : false,
    data: line.points.map(([x, y]) => [x, +cut(y).toFixed(4)]),
    ...(first && marks.length > 0
      ? { markLine: { symbol: 'none', lineStyle: { color: '#888888', type: 'dashed' }, data: marks } }
      : {}),
  };
}
