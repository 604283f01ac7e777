import type { Assumption, MatrixOutcome, Outcome } from '../outcome';
import type { Expectation } from '../scenario';
import { type Chart, chartsOf } from './charts';
import { type Told, toldOf } from './events';
import { html, Markup } from './markup';
import { PAGE_STYLE } from './page-style';
import { isMatrix, type Rehearsed, story, told } from './story';
import { clockTime, count, duration, ending, many, serving } from './words';

/**
 * The report as one self-contained HTML page: no script, nothing loaded, the same bytes for the same outcome.
 *
 * @param expectation what the scenario expects, so that a promoted bad version is not shown as a success
 */
export function renderHtml(rehearsed: Rehearsed, expectation?: Expectation): string {
  const outcome = told(rehearsed);
  const { nature, tone, what, sentences, harm, ...title } = story(rehearsed, expectation);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title.endpoint}: ${title.ending}</title>
<style>${new Markup(PAGE_STYLE)}</style>
</head>
<body class="${tone}">
<p class="nature">${nature.charAt(0).toUpperCase() + nature.slice(1)}.</p>
<h1>${title.endpoint}: <span class="ending">${title.ending}</span></h1>
<p class="what">${what}</p>
<p class="harm">${harm}</p>
${sentences.map((text) => html`<p>${text}</p>`)}
${figures(outcome)}
${isMatrix(rehearsed) ? matrix(rehearsed) : []}
<h2>What callers saw</h2>
<p class="legend"><span><i></i>new version</span> <span><i class="champion"></i>old version</span> <span><i class="bake"></i>under observation (bake)</span></p>
${chartsOf(outcome).map(figure)}
<h2>What happened</h2>
${timeline(outcome)}
${outcome.verdicts.length > 0 ? verdicts(outcome) : []}
<h2>What was assumed</h2>
<p>AWS does not document these behaviours. The story above is told under the settings below.</p>
${assumptions(outcome.assumptions)}
</body>
</html>
`.text;
}

const figures = (outcome: Outcome): Markup => {
  const each: [string, string][] = [
    ['serves at the end', serving(outcome.servedConfig)],
    ['seen after', duration(outcome.detectSeconds)],
    ['rollback after', duration(outcome.decideSeconds)],
    ['all traffic back in', duration(outcome.restoreSeconds)],
    ['verified in', duration(outcome.confirmSeconds)],
    ['bad requests', count(outcome.badRequests)],
    ['slow requests', count(outcome.slowRequests)],
  ];
  return html`<dl class="figures">${each.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`;
};

const figure = ({ title, wide, narrow }: Chart): Markup => html`<figure><figcaption>${title}</figcaption>
<div class="wide">${new Markup(wide)}</div><div class="narrow">${new Markup(narrow)}</div></figure>
`;

const table = (name: string, headings: readonly string[], rows: readonly Markup[], label = name): Markup =>
  html`<div class="table" tabindex="0" role="region" aria-label="${label}"><table class="${name}"><thead><tr>${headings.map(
    (heading) => html`<th class="${heading}">${heading}</th>`,
  )}</tr></thead><tbody>${rows}</tbody></table></div>`;

const timeline = ({ timeline: entries }: Outcome): Markup => html`${events('timeline', toldOf(entries))}
<details><summary>all ${many(entries.length, 'entry', 'entries')}</summary>
${events(
  'every entry',
  entries.map((entry) => ({ ...entry, times: 1, untilSeconds: entry.atSeconds })),
)}</details>
`;

const events = (label: string, entries: readonly Told[]): Markup =>
  table(
    'timeline',
    ['time', 'source', 'event', 'detail', 'new version'],
    entries.map(
      ({ atSeconds, source, event, detail, challengerPercent, times, untilSeconds }) =>
        html`<tr><td class="time">${clockTime(atSeconds)}</td><td class="source">${source}</td><td>${event}</td><td class="detail">${detail}${times === 1 ? '' : ` (${count(times)} times, until ${clockTime(untilSeconds)})`}</td><td class="number">${challengerPercent.toFixed(0)} %</td></tr>
`,
    ),
    label,
  );

const verdicts = ({ verdicts: entries }: Outcome): Markup => html`<h2>What was judged</h2>
${table(
  'verdicts',
  ['time', 'by', 'verdict', 'reason'],
  entries.map(
    ({ atSeconds, by, kind, reason }) =>
      html`<tr><td class="time">${clockTime(atSeconds)}</td><td>${by}</td><td class="${kind}">${kind}</td><td>${reason}</td></tr>
`,
  ),
)}`;

const assumptions = (entries: readonly Assumption[]): Markup =>
  table(
    'assumptions',
    ['knob', 'setting'],
    entries.map(
      ({ knob, setting }) => html`<tr><td><code>${knob}</code></td><td><code>${setting}</code></td></tr>
`,
    ),
  );

const settings = (entries: readonly Assumption[]): string =>
  entries.length === 0
    ? 'every knob at its default'
    : entries.map(({ knob, setting }) => `${knob} = ${setting}`).join(', ');

const matrix = ({ rows, matrix: all, failures }: MatrixOutcome): Markup => html`<h2>The knob matrix</h2>
<p>${count(rows - failures.length)} of ${count(rows)} rows ended as expected. A row is one combination of settings for what AWS does not document; every pair of settings occurs in some row.</p>
${failures.length === 0 ? [] : html`<p class="fail">What decides the rows that did not:</p>${deciding(failures)}`}
<details${failures.length === 0 ? [] : new Markup(' open')}><summary>all ${count(rows)} rows</summary>
${table(
  'matrix',
  ['outcome', 'serves', 'seen after', 'all back', 'bad', 'slow', 'settings that are not the default'],
  // Those that a reader must see stand first.
  [...all.filter((row) => !row.asExpected), ...all.filter((row) => row.asExpected)].map(
    (row) =>
      html`<tr class="${row.asExpected ? 'pass' : 'fail'}"><td>${ending(row.outcome)}</td><td>${serving(row.servedConfig)}</td><td class="number">${duration(row.detectSeconds)}</td><td class="number">${duration(row.restoreSeconds)}</td><td class="number">${count(row.badRequests)}</td><td class="number">${count(row.slowRequests)}</td><td><code>${settings(row.assumptions)}</code></td></tr>
`,
  ),
)}</details>
`;

/** Each deciding setting once, with the number of rows it spoils. */
const deciding = (failures: MatrixOutcome['failures']): Markup => {
  const spoiled = new Map<string, number>();
  for (const { decidedBy } of failures) {
    const name = decidedBy === null ? 'no single setting' : `${decidedBy.knob} = ${decidedBy.setting}`;
    spoiled.set(name, (spoiled.get(name) ?? 0) + 1);
  }
  return html`<ul>${[...spoiled].map(([name, rows]) => html`<li><code>${name}</code>: ${many(rows, 'row')}</li>`)}</ul>`;
};
