import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { judge, ruleKinds } from '../../../decision';
import { passing } from './samples';

const page = (kind: string) =>
  readFileSync(
    new URL(
      `../../../docs/rules/${kind.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.md`,
      import.meta.url,
    ),
    'utf8',
  );

describe('docs/rules', () => {
  test.each(ruleKinds)('has a page for %s whose example is a rule that can pass', (kind) => {
    const example = /```json\n(.*?)\n```/s.exec(page(kind))?.[1] ?? '';
    const rule = JSON.parse(example);
    expect(rule.kind).toBe(kind);
    expect((judge as (rule: unknown, data: unknown) => unknown)(rule, passing[kind].data)).toMatchObject({
      kind: 'pass',
    });
  });
});
