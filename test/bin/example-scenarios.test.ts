import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { exampleScenarios } from '../../bin/commands/example-scenarios';

const folders: string[] = [];
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scenarios-'));
  folders.push(folder);
});
afterAll(() => {
  for (const each of folders) rmSync(each, { recursive: true });
});

const write = (name: string, models?: string) =>
  writeFileSync(
    join(folder, `${name}.yaml`),
    `name: ${name}\ntraffic: 1 rps\n${models === undefined ? '' : `models: ${models}\n`}expect: { outcome: promoted }\n`,
  );

describe('the scenarios of the example models', () => {
  test('are in the order of their names, whatever else lies in the folder', () => {
    write('slow', '[fraud]');
    write('good');
    writeFileSync(join(folder, 'README.md'), 'for people');
    const found = exampleScenarios(folder, ['fraud', 'churn']);
    expect(found.map(({ name, models }) => [name, models])).toEqual([
      ['good', undefined],
      ['slow', ['fraud']],
    ]);
  });

  test('fails one that is for a model that there is none of, naming all of them', () => {
    write('good');
    write('slow', '[fraud, frad, churn2]');
    expect(() => exampleScenarios(folder, ['fraud', 'churn'])).toThrow(
      'slow.yaml: models must be of fraud, churn, got frad, churn2 [UnknownModel]',
    );
  });

  test('every one that ships is for models that ship', () => {
    const models = readdirSync('bin/models').map((file) => file.replace('.yaml', ''));
    expect(exampleScenarios('bin/scenarios', models).length).toBeGreaterThan(3);
  });
});
