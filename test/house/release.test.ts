import { describe, expect, test } from 'vitest';
// @ts-expect-error a script without declarations
import { lastRelease, mayBreak, obstacles } from '../../scripts/release.mjs';

const ready = {
  version: '0.2.0',
  changelog: '# Changelog\n\n## 0.2.0 (2026-12-01)\n\nNew.\n\n## 0.1.0 (2026-11-21)\n',
  status: '',
  tags: ['v0.1.0'],
  attestable: true,
};

describe('a release', () => {
  test('has nothing in its way where all is committed, dated, new and attestable', () => {
    expect(obstacles(ready)).toEqual([]);
  });

  test.each<[string, object, RegExp]>([
    ['what is not committed', { status: ' M lib/index.ts' }, /committed, and this is not:\n M lib/],
    ['a version without an entry', { changelog: '# Changelog\n' }, /must have a heading '## 0\.2\.0 \(date\)'/],
    ['an entry without a date', { changelog: '## 0.2.0 (unreleased)\n' }, /must end in its date/],
    ['a version that is released', { tags: ['v0.2.0', 'v0.1.0'] }, /there is a tag v0\.2\.0/],
    ['a version that is none', { version: '2' }, /must be semantic, got '2'/],
    ['a machine that nobody can attest', { attestable: false }, /from CI/],
  ])('fails %s', (_, change, pattern) => {
    const found = obstacles({ ...ready, ...change });
    expect(found.join('\n')).toMatch(pattern);
  });

  test('is compared with the last one, which a candidate is not', () => {
    expect(lastRelease(['v0.3.0-rc.1', 'v0.2.0', 'v0.1.0'])).toBe('v0.2.0');
    expect(lastRelease([''])).toBeUndefined();
  });

  test.each([
    ['0.2.0', 'v0.1.9', true],
    ['0.1.1', 'v0.1.0', false],
    ['1.0.0', 'v0.9.0', true],
    ['1.1.0', 'v1.0.0', false],
    ['2.0.0', 'v1.9.9', true],
  ])('%s after %s may break the API: %s', (version, last, may) => {
    expect(mayBreak(version, last)).toBe(may);
  });
});
