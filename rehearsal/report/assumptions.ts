import { KNOBS, type Knob } from '../knobs';
import sources from '../sources.json';

interface Source {
  readonly kind: string;
}

/** docs/assumptions.md: what a rehearsal takes for granted, from the knobs and the sources themselves. */
export function assumptionsPage(): string {
  const kinds = Object.values(sources as Readonly<Record<string, Source>>).map(({ kind }) => kind);
  const of = (kind: string) => kinds.filter((each) => each === kind).length;
  const rows = Object.entries(KNOBS as Readonly<Record<string, Knob>>).map(
    ([name, { question, settings, ...knob }]) => {
      const shown = settings.map((setting) => (setting === knob.default ? `**${setting}**` : String(setting)));
      const held = knob.mustHold.length > 0 ? knob.mustHold.join(', ') : '';
      return `| \`${name}\` | ${question} | ${shown.join(', ')} | ${held} |`;
    },
  );
  return `# What a rehearsal assumes

This page is generated from \`rehearsal/knobs.ts\` and \`rehearsal/sources.json\` by \`npm run docs\`.

A rehearsal runs against a simulation. Of its ${kinds.length} cited behaviours, ${of('documented')} are documented by AWS, ${of('recorded')} were
recorded on AWS and published by somebody, and ${of('knob')} are knobs: AWS does not say. Nothing was compared with an account.

A knob is tried in every setting below; the bold one is what a rehearsal without \`--knobs all\` uses. Under a setting in the last
column a good version may be held back: a strategy is called live without it.

| knob | what is not known | settings | may hold back |
|---|---|---|---|
${rows.join('\n')}

A matrix has every *pair* of settings in some row, not every combination. Three settings that do harm only together can be missed.
`;
}
