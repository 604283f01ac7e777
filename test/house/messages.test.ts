import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const read = (file: string) => readFileSync(file, 'utf8');

test('every message that the engine sends is explained to whoever is on call, and none that it does not send', () => {
  const sources = readdirSync('lambda', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const sent = new Set<string>();
  for (const file of sources) {
    const said = read(join('lambda', file)).matchAll(
      /'((?:Rollout|Rollback|Abort|Approval|Champion|Traffic|Retrospective|Shared|Quota)[A-Z][A-Za-z]+)'/g,
    );
    for (const [, word] of said) sent.add(word);
  }
  // Names of errors are no messages: a person reads them in the answer to what they asked.
  for (const code of ['RolloutUnderWay', 'QuotaTooSmall', 'RetrospectiveOpen']) sent.delete(code);
  const [, table] = /## Messages\n([\s\S]*?)\n## /.exec(read('docs/operating.md')) ?? [];
  const rows = [...table.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell]) => [...cell.matchAll(/`(\w+)`/g)]);
  const explained = rows.map(([, word]) => word);
  expect(explained.sort()).toEqual([...sent].sort());
});
