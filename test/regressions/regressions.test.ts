import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { sourceEngine } from '../../bin/commands/campaign-engine';
import type { CampaignCase } from '../../rehearsal/campaign/campaign-case';
import { runCase } from '../../rehearsal/campaign/run-case';

const folder = new URL('./', import.meta.url);
const cases = readdirSync(folder).filter((name) => name.endsWith('.json'));

// What the functions would write to their logs.
beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => {}));

// Rollouts that once broke something, as a campaign drew them.
test.each(cases.map((name) => [basename(name, '.json'), name]))('%s', async (_, name) => {
  const one = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as CampaignCase;
  const { violations, told } = await runCase(one, sourceEngine());
  expect(violations, told()).toEqual([]);
});
