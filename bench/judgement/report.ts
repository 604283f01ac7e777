import { mkdirSync, writeFileSync } from 'node:fs';
import type { Figures } from './measure';
import { boundaryPlot, excessPlot } from './plots';

/** What stands above the tables. */
export interface About {
  readonly days: number;
  readonly replay: number;
  readonly write: boolean;
}

const percent = (share: number) => `${+(100 * share).toFixed(2)} %`;
const minutes = (value: number | null) => (value === null ? 'never' : `${value}`);
const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]) =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

/** Alpha and three standard errors of a share of `days` at alpha: what the boundary may show. */
export function allowed(days: number, alpha = 0.01): number {
  return alpha + 3 * Math.sqrt((alpha * (1 - alpha)) / days);
}

function boundary(figures: readonly Figures[]): string {
  const at = figures.filter((cell) => cell.table === 'boundary');
  const worst = (pick: (cell: Figures) => number) => Math.max(...at.map(pick));
  const equal = new Map(figures.filter((cell) => cell.table === 'equal').map((cell) => [key(cell), cell]));
  const rows = at.map((cell) => {
    const same = equal.get(key(cell));
    const { requestsPerSecond, share, championRate } = cell.world;
    return [
      requestsPerSecond,
      percent(share),
      percent(championRate),
      percent(cell.rolledBack),
      percent(cell.promoted),
      same === undefined ? '' : percent(same.rolledBack),
      same === undefined ? '' : percent(same.promoted),
      same === undefined ? '' : minutes(same.medianPromoteMinutes),
    ];
  });
  const head = [
    'requests/s',
    'share',
    'champion',
    'false rollback at the margin',
    'false promotion at the margin',
    'rolled back when equal',
    'promoted when equal',
    'median min to promote',
  ];
  return `${table(head, rows)}\n\nWorst cell: ${percent(worst((cell) => cell.rolledBack))} false rollback, ${percent(worst((cell) => cell.promoted))} false promotion; allowed are 1 % and three standard errors, ${percent(allowed(at[0].days))}.`;
}

const key = ({ world }: Figures) => [world.requestsPerSecond, world.share, world.championRate].join('/');

function compare(figures: readonly Figures[], name: string): string {
  const some = figures.filter((cell) => cell.table === name);
  const worlds = [...new Set(some.map(({ world }) => world.name))];
  return worlds
    .map((world) => {
      const cells = some.filter((cell) => cell.world.name === world);
      const { requestsPerSecond, championRate, challengerRate, disturbance, onset } = cells[0].world;
      const title = `**${requestsPerSecond} requests/s, 5 % canary, ${percent(championRate)} → ${percent(challengerRate)}${onset > 0 ? ` from hour ${onset / 60} on` : ''}${disturbance === undefined ? '' : `, ${disturbance}`}**`;
      const head = [
        'method',
        'rolled back',
        'of these before onset',
        'median min',
        'p90 min',
        'within 5 min',
        'excess bad requests',
        'days',
      ];
      const rows = cells.map((cell) => [
        cell.method,
        percent(cell.rolledBack + cell.early),
        percent(cell.early),
        minutes(cell.medianMinutes),
        minutes(cell.p90Minutes),
        percent(cell.within5Minutes),
        cell.meanExcess.toFixed(0),
        cell.days,
      ]);
      return `${title}\n\n${table(head, rows)}`;
    })
    .join('\n\n');
}

/** The sentences that matter most, from the cells that they are about. */
export function headline(figures: readonly Figures[]): string {
  const find = (name: string, method: string, rps: number, rate: number) => {
    const found = figures.find(
      ({ table: of, method: by, world }) =>
        of === name && by === method && world.requestsPerSecond === rps && world.challengerRate === rate,
    );
    if (found === undefined) throw new Error(`no cell of ${method} at ${rps} requests a second and a rate of ${rate}`);
    return found;
  };
  const mine = 'this library';
  const late = [10, 100].flatMap((rps) => [0.02, 0.05].map((rate) => find('late', mine, rps, rate).rolledBack));
  const worst = [10, 100].flatMap((rps) =>
    [0.02, 0.05].map((rate) => {
      const zero = find('methods', 'this library, margin 0', rps, rate).meanExcess;
      return zero / find('methods', 'Kayenta-style judge, hourly', rps, rate).meanExcess;
    }),
  );
  const falseRate = (method: string) =>
    percent(Math.max(...[10, 100].map((rps) => find('methods', method, rps, 0.01).rolledBack)));
  return [
    `* At a 5 % canary of 100 requests a second, 5 % errors against 1 % are found in a median of ${minutes(find('methods', mine, 100, 0.05).medianMinutes)} min, 2 % in ${minutes(find('methods', mine, 100, 0.02).medianMinutes)} min.`,
    `* Harm that begins after twelve healthy hours is found on at least ${percent(Math.min(...late))} of the days.`,
    `* With a margin of 0, which is what Kayenta's judge tolerates, callers see at most ${percent(Math.max(...worst))} of the excess bad requests that they see under a Kayenta-style judge; equal challengers are rolled back on at most ${falseRate('this library, margin 0')} of the days, by that judge on ${falseRate('Kayenta-style judge, hourly')}.`,
  ].join('\n');
}

/** The report as text; writes it and its pictures to docs/ when asked to. */
export function writeReport(figures: readonly Figures[], { days, replay, write }: About): string {
  const text = `# How well it judges

Generated by \`npm run bench -- judgement\`: seeded days of traffic, every method on the same days, a look every minute for 24 h.
Simulated, independent requests unless a table says otherwise. Alpha is 1 % on each side, the margin half a percentage
point. "Excess bad requests" are the challenger's errors beyond the champion's rate until the rollback (or the end of the
day). One verdict on 24 h of minutes takes ${replay < 10 ? 'less than 10' : replay.toFixed(0)} ms.

${headline(figures)}

## At the margin, where errors of judgement are largest

A challenger that is exactly half a point worse may neither be rolled back nor promoted by more than 1 % of the days.
${days} days a row.

![false decisions at the margin](judgement-boundary.svg)

${boundary(figures)}

## Against what teams use today

An alarm at 1.5 %, a z-test looked at every minute, a Kayenta-style Mann-Whitney judge every hour. A challenger that is
equal (1 % → 1 %) should not be rolled back; one at the margin (1.5 %) is undecidable for a rule that tolerates half a point,
and must be found by one that tolerates nothing ("margin 0").

![excess bad requests](judgement-excess.svg)

${compare(figures, 'methods')}

## Harm that begins late

The challenger is healthy for twelve hours. Methods that only gather evidence since the start are slow to change their mind.

${compare(figures, 'late')}

## Days that are not quiet

Bursts of 10 % errors in both arms; traffic and error rate that swing by 80 % over the day; a tenth of the challenger's
minutes missing; a share that grows from 5 to 25 to 50 %. The challenger is equal in all of them.

${compare(figures, 'disturbed')}

At the margin, on the same days:

${compare(figures, 'disturbed at the margin')}

## Errors that come in clusters

Each arm's rate is drawn anew every minute (gamma, coefficient of variation 0.5 and 1), independently: not what the proofs
assume. The evidence is tempered by what the champion showed in the six hours before, and a cluster-robust interval is
asked where clusters are strong. That is an approximation, and here is what it is worth: a challenger at the margin is rolled
back more often than 1 %, because its own clusters are larger than the champion's. Looked at every 20 minutes.

${compare(figures, 'clusters')}
`;
  if (write) {
    mkdirSync('docs', { recursive: true });
    writeFileSync('docs/judgement.md', text);
    writeFileSync('docs/judgement-boundary.svg', boundaryPlot(figures));
    writeFileSync('docs/judgement-excess.svg', excessPlot(figures));
  }
  return text;
}
