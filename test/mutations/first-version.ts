import { Coverage } from '../../rehearsal/campaign/coverage';
import { ENDPOINT, type Engine, EngineAccount } from '../../rehearsal/campaign/engine-account';
import { specOf } from '../../rehearsal/campaign/run-case';
import { type Fault, Faults, type Json } from '../../rehearsal/services';
import { CALM } from './stories';

/** What the first version of an endpoint meets. */
export interface FirstVersion {
  readonly name: string;
  readonly startup: 'healthy' | 'crashes';
  readonly faults: readonly Fault[];
  /** What the gate before the launch says. @default 'pass' */
  readonly gate?: 'pass' | 'fail';
  /** @default - promoted or failed, as long as the record is right */
  readonly outcome?: string;
}

const invoke = (call: number, fault: Omit<Fault, 'api' | 'call'>): Fault => ({ api: 'lambda:Invoke', call, ...fault });
const calls = Array.from({ length: 14 }, (_, i) => i + 1);

/** A first version comes up, or does not, with trouble at each call of its machine. */
export const FIRST_VERSIONS: readonly FirstVersion[] = [
  { name: 'first version', startup: 'healthy', faults: [], outcome: 'promoted' },
  { name: 'first version that crashes', startup: 'crashes', faults: [], outcome: 'failed' },
  { name: 'first version that its gate refuses', startup: 'healthy', gate: 'fail', faults: [], outcome: 'failed' },
  ...calls.flatMap((call): FirstVersion[] => [
    {
      name: `first version, call ${call} throttled`,
      startup: 'healthy',
      faults: [invoke(call, { kind: 'throttled' })],
      outcome: 'promoted',
    },
    {
      name: `first version, calls from ${call} on denied`,
      startup: 'healthy',
      faults: [invoke(call, { kind: 'denied', times: 15 })],
    },
  ]),
];

/** Creates an endpoint. @returns what is wrong in the end, and where its executions have been */
export async function createdBy(engine: Engine, { startup, faults, outcome, gate = 'pass' }: FirstVersion) {
  const coverage = new Coverage();
  const account = new EngineAccount({ ...CALM, weather: { ...CALM.weather, events: 0 } }, engine, {
    onEvent: (execution, event) => coverage.event(execution, event),
    judge: async () => ({ schemaVersion: 1, kind: gate, reason: 'scripted', evidence: {} }),
    alarms: new Set(),
    startup: () => startup,
  });
  const { clock, sagemaker } = account.world;
  await clock.run(
    (async () => {
      sagemaker.createModel({ ModelName: 'model-1' });
      account.strike(new Faults(faults));
      const spec = specOf(CALM, '1');
      const ask = (step: Json) =>
        account.invoke('fence', {
          RequestType: 'Create',
          RequestId: '1',
          ResponseURL: 'https://response',
          StackId: 'stack',
          LogicalResourceId: step.Step,
          ResourceProperties: { Endpoint: ENDPOINT, Digest: spec.digest, Adopt: 'false', ...step },
        });
      const fence = await ask({ Step: 'fence' });
      const { Action, RolloutId } = (fence as Json).payload.Data;
      await ask({ Step: 'handover', Action, RolloutId, Spec: JSON.stringify(spec) });
      for (let minute = 0; minute < 1440 && !(minute > 5 && account.still); minute++) await clock.sleep(60_000);
    })(),
  );
  return { coverage, wrong: wrongOf(account, outcome) };
}

function wrongOf(account: EngineAccount, expected: string | undefined): string[] {
  const record = (sk: string) => account.item(`ENDPOINT#${ENDPOINT}`, sk);
  const outcome: string = record('ROLLOUT#r-1')?.outcome?.S ?? 'none';
  const { shares } = account.world.sagemaker.router.of(ENDPOINT);
  const serves = shares.length > 0;
  const found: string[] = [];
  if (!account.still) found.push('it does not end');
  if (!['promoted', 'failed'].includes(outcome)) found.push(`a first version is ${outcome}`);
  if (expected !== undefined && outcome !== expected) found.push(`${outcome}, not ${expected}`);
  if (outcome === 'promoted' && !serves) found.push('promoted, and nothing serves');
  if (record('LOCK')?.rolloutId?.S !== '') found.push('the lock is kept');
  return found;
}
