import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readScenario, type Scenario } from '../../rehearsal';

/**
 * The scenarios of a folder, in the order of their names.
 *
 * @param known names of the models that there are
 * @throws Error when a scenario is for a model that is none of them: it would be rehearsed with nothing, and nobody told
 */
export function exampleScenarios(folder: string, known: readonly string[]): Scenario[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
  return files.sort().map((file) => {
    const scenario = readScenario(readFileSync(join(folder, file), 'utf8'), join('bin/scenarios', file));
    const unknown = (scenario.models ?? []).filter((model) => !known.includes(model));
    if (unknown.length === 0) return scenario;
    throw new Error(`${file}: models must be of ${known.join(', ')}, got ${unknown.join(', ')} [UnknownModel]`);
  });
}
