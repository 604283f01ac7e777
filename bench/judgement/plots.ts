import { BarChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkLineComponent, TitleComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { Figures } from './measure';

use([BarChart, ScatterChart, GridComponent, LegendComponent, MarkLineComponent, TitleComponent, SVGRenderer]);

function draw(title: string, option: EChartsCoreOption, height: number): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 860, height });
  chart.setOption({ animation: false, backgroundColor: '#ffffff', ...option });
  const svg = chart.renderToSVGString();
  chart.dispose();
  // Words for who cannot see the picture.
  return svg.replace('>', `><title>${title}</title>`);
}

/** False decisions at the margin, one point a cell, beside the 1 % that was promised. */
export function boundaryPlot(figures: readonly Figures[]): string {
  const cells = figures.filter(({ table }) => table === 'boundary');
  const names = cells.map(
    ({ world }) => `${world.requestsPerSecond}/s ${100 * world.share}% p=${100 * world.championRate}%`,
  );
  const points = (pick: (cell: Figures) => number) => cells.map((cell) => +(100 * pick(cell)).toFixed(2));
  return draw(
    'false decisions at the margin, in % of days, beside the 1 % that was promised',
    {
      legend: { top: 0, itemGap: 24 },
      grid: { left: 60, right: 20, top: 40, bottom: 130 },
      xAxis: { type: 'category', data: names, axisLabel: { rotate: 60, interval: 0, fontSize: 10 } },
      yAxis: { type: 'value', name: '% of days', max: 2 },
      series: [
        {
          name: 'false rollback',
          type: 'scatter',
          data: points((cell) => cell.rolledBack),
          markLine: { symbol: 'none', label: { formatter: 'alpha' }, data: [{ yAxis: 1 }] },
        },
        { name: 'false promotion', type: 'scatter', symbol: 'diamond', data: points((cell) => cell.promoted) },
      ],
    },
    420,
  );
}

/** Excess bad requests of every method, on a logarithmic scale. */
export function excessPlot(figures: readonly Figures[]): string {
  const cells = figures.filter(({ table, world }) => table === 'methods' && world.challengerRate > 0.015);
  const methods = [...new Set(cells.map(({ method }) => method))];
  const worlds = [...new Set(cells.map(({ world }) => world.name))];
  return draw(
    'excess bad requests of every method, on a logarithmic scale',
    {
      legend: { top: 0, itemGap: 24 },
      grid: { left: 230, right: 30, top: 50, bottom: 50 },
      xAxis: { type: 'log', name: 'excess bad requests', nameLocation: 'middle', nameGap: 30, min: 1 },
      yAxis: { type: 'category', data: [...methods].reverse() },
      series: worlds.map((name) => {
        const some = cells.filter(({ world }) => world.name === name);
        const { requestsPerSecond, challengerRate } = some[0].world;
        return {
          name: `${requestsPerSecond}/s, 1 % → ${100 * challengerRate} %`,
          type: 'bar',
          data: [...methods]
            .reverse()
            .map((method) => Math.max(1, some.find((cell) => cell.method === method)?.meanExcess ?? 1)),
        };
      }),
    },
    560,
  );
}
