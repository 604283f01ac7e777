import { html, type Markup, Markup as Safe } from '../../rehearsal/report/markup';
import { PAGE_STYLE } from '../../rehearsal/report/page-style';
import { clockTime, count, duration, ending } from '../../rehearsal/report/words';
import type { EvidenceBundle, JudgedEntry } from './evidence-bundle';
import { minute } from './show-rollout';

/** The evidence of a rollout as one self-contained page, for people: no script, nothing loaded. */
export function evidencePage(bundle: EvidenceBundle): string {
  const { endpoint, rolloutId, outcome, reason, strategy, digest, modelName, startedAt } = bundle;
  const how = outcome in TONES ? ending(outcome as Ended) : 'Under way';
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${endpoint}: ${how}</title>
<style>${new Safe(PAGE_STYLE)}</style>
</head>
<body class="${TONES[outcome as Ended] ?? 'open'}">
<p class="nature">Evidence of a rollout, as its engine has recorded it.</p>
<h1>${endpoint}: <span class="ending">${how}</span></h1>
<p class="what">${rolloutId}: version ${digest} of model ${modelName}, strategy ${strategy}, began ${minute(startedAt)}</p>
<p class="harm">${reason === '' ? 'It has not ended.' : reason}</p>
<p>Handed over with SHA-256 <code>${bundle.templateHash}</code>.</p>
<h2>The plan, and how long each phase lasted</h2>
${phases(bundle)}
<h2>What happened</h2>
${timeline(bundle)}
<h2>What was judged</h2>
<p>${count(bundle.verdicts.length)} verdicts; shown is each change of a gate's mind. All are in the JSON.</p>
${verdicts(bundle)}
<h2>Alarms</h2>
<p>Variant a: <code>${bundle.alarms.a.join(', ')}</code></p><p>Variant b: <code>${bundle.alarms.b.join(', ')}</code></p>
<h2>Who decided</h2>
${people(bundle)}
</body>
</html>
`.text;
}

type Ended = 'promoted' | 'rolledBack' | 'held' | 'aborted' | 'failed';
const TONES: { readonly [outcome in Ended]: string } = {
  promoted: 'good',
  rolledBack: 'bad',
  held: 'open',
  aborted: 'open',
  failed: 'bad',
};

const table = (name: string, headings: readonly string[], rows: readonly Markup[]): Markup =>
  html`<div class="table"><table class="${name}"><thead><tr>${headings.map(
    (heading) => html`<th>${heading}</th>`,
  )}</tr></thead><tbody>${rows}</tbody></table></div>`;

const phases = ({ plan, phases: begun }: EvidenceBundle): Markup =>
  table(
    'phases',
    ['phase', 'share', 'watched for', 'began', 'lasted'],
    plan.phases.map((phase, i) => {
      const { beganAtSeconds, lastedSeconds } = begun[i] ?? {};
      const share = phase.kind === 'stage' ? phase.percent : phase.kind === 'watch' ? 100 - phase.holdbackPercent : 0;
      return html`<tr><td>${phase.kind}</td><td class="number">${share} %</td><td>${phase.kind === 'before' ? '–' : phase.bake}</td><td class="time">${beganAtSeconds === undefined ? 'never' : clockTime(beganAtSeconds)}</td><td>${duration(lastedSeconds ?? null)}</td></tr>
`;
    }),
  );

const timeline = ({ timeline: entries }: EvidenceBundle): Markup =>
  table(
    'timeline',
    ['time', 'event', 'detail', 'new version'],
    entries.map(
      ({ atSeconds, event, detail, challengerPercent }) =>
        html`<tr><td class="time">${clockTime(atSeconds)}</td><td>${event}</td><td class="detail">${detail}</td><td class="number">${challengerPercent} %</td></tr>
`,
    ),
  );

/** A gate that says the same a thousand times has said it once. */
function changes(entries: readonly JudgedEntry[]): JudgedEntry[] {
  const last = new Map<string, string>();
  return entries.filter(({ by, kind, phase }) => {
    const key = `${phase} ${kind}`;
    if (last.get(by) === key) return false;
    last.set(by, key);
    return true;
  });
}

const verdicts = ({ verdicts: entries }: EvidenceBundle): Markup =>
  table(
    'verdicts',
    ['time', 'gate', 'verdict', 'reason', 'evidence'],
    changes(entries).map(
      ({ atSeconds, by, kind, reason, evidence }) =>
        html`<tr><td class="time">${clockTime(atSeconds)}</td><td>${by}</td><td class="${kind}">${kind}</td><td>${reason}</td><td><details><summary>show</summary><pre>${JSON.stringify(evidence, null, 1)}</pre></details></td></tr>
`,
    ),
  );

function people({ approvals, retrospective }: EvidenceBundle): Markup {
  const said = approvals.map(
    ({ status, by, at, reason, phaseIndex }) =>
      html`<li>phase ${Number(phaseIndex) + 1}: ${status}${by === undefined ? '' : ` by ${by} at ${at}: ${reason}`}</li>`,
  );
  const learned =
    retrospective === null
      ? []
      : [
          html`<li>retrospective ${retrospective['status']}${retrospective['closedBy'] === undefined ? '' : `, closed by ${retrospective['closedBy']}: ${retrospective['notes']}`}</li>`,
        ];
  const all = [...said, ...learned];
  return all.length === 0 ? html`<p>Nobody was asked.</p>` : html`<ul>${all}</ul>`;
}
