import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('every benchmark has its place on the page, but for how well it judges, which has a page of its own', () => {
  const benchmarks = readdirSync('bench', { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return existsSync(`bench/${entry.name}/index.ts`) ? [entry.name] : [];
    return entry.name === 'report.ts' ? [] : [entry.name.replace('.ts', '')];
  });
  const sections = [...readFileSync('docs/benchmarks.md', 'utf8').matchAll(/^## (.*)$/gm)].map(([, name]) => name);
  expect(sections.sort()).toEqual(benchmarks.filter((name) => name !== 'judgement').sort());
});
