import { MINUTE, START } from './fake-world';

const iso = (minutes: number) => new Date(START + minutes * MINUTE).toISOString();

/** A tick some minutes into a stage at 25 %, as the engine sends it. */
export function stageEvent(minutes: number, gates: readonly unknown[], overrides: Record<string, unknown> = {}) {
  return {
    schemaVersion: 1,
    rollout: 'r-1',
    endpoint: 'fraud',
    stage: 'stage-25',
    phase: 'stage',
    at: iso(minutes),
    startedAt: iso(0),
    baselineFrom: null,
    endsAt: iso(24 * 60),
    challenger: { variant: 'b', config: 'fraud-new' },
    champion: { variant: 'a', config: 'fraud-new' },
    shares: [{ at: iso(0), percent: 25 }],
    alarms: { challenger: ['b-errors'], champion: ['a-errors'] },
    gates,
    ...overrides,
  };
}
