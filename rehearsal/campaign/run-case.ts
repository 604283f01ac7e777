import type { WorldEvent } from '../log';
import type { Startup } from '../sagemaker/fleets';
import type { Fleet } from '../sagemaker/router';
import { Faults, type Json } from '../services';
import type { Execution, HistoryEvent } from '../states';
import type { CaseReport } from './campaign';
import type { CampaignCase, CaseDeed } from './campaign-case';
import { bakeMinutes, caseViolations } from './case-violations';
import { Coverage, longestOf } from './coverage';
import { ENDPOINT, type Engine, EngineAccount, functionArn, NAMES } from './engine-account';
import { ScriptedGates } from './scripted-gates';

/** What came of a case; its outcome is the record's, `refused` when CloudFormation was told no, and nothing began. */
export interface CaseResult extends CaseReport {
  readonly coverage: Coverage;
  /** Events of the longest history of each machine. */
  readonly histories: Readonly<Record<string, number>>;
  /** The world's log in one line an event, for a person. */
  readonly told: () => string;
}

const MINUTE = 60_000;
/** Events take up to a minute to arrive, and a rule asks again. */
const QUIET_MINUTES = 4;
/** A way back gives up after a day; beside the time of its bakes a case takes less than this. */
const SLACK_MINUTES = 4 * 1440;

/** Runs one case to its end, and says what did not hold. */
export async function runCase(one: CampaignCase, engine: Engine): Promise<CaseResult> {
  const run = new CaseRun(one, engine);
  // A run that breaks off is a failing case like any other, with its seed.
  return run.run().catch((error: Error) => run.result('broken', [`the run broke off: ${error.message}`]));
}

class CaseRun {
  private readonly coverage = new Coverage();
  private readonly alarms = new Set<string>();
  private readonly account: EngineAccount;
  private readonly stopped = new Map<string, number>();
  private begun = false;
  private home = 'a';

  constructor(
    private readonly one: CampaignCase,
    engine: Engine,
  ) {
    const gates = new ScriptedGates(one, () => this.account.world);
    this.account = new EngineAccount(one, engine, {
      onEvent: (execution, event) => this.seen(execution, event),
      // The first version is good: the case is about the second.
      judge: async (name, event) => (event.rollout === 'r-1' ? PASS : gates.ask(name, event)),
      alarms: this.alarms,
      startup: (fleet) => this.startup(fleet),
    });
  }

  public async run(): Promise<CaseResult> {
    const { world, states } = this.account;
    const refused = await world.clock.run(this.live());
    const rollout = this.account.item(`ENDPOINT#${ENDPOINT}`, 'ROLLOUT#r-2');
    const outcome = refused ? 'refused' : (rollout?.outcome?.S ?? 'none');
    return this.result(
      outcome,
      caseViolations(this.one, {
        outcome,
        quiet: !states.started.some(({ running }) => running),
        events: world.log.events,
        router: world.sagemaker.router.of(ENDPOINT),
        record: this.account.record,
        messages: this.account.sns.published.map(({ subject }) => subject ?? ''),
      }),
    );
  }

  public result(outcome: string, violations: readonly string[]): CaseResult {
    const { world, states } = this.account;
    const line = ({ at, source, event, detail }: WorldEvent) =>
      `${new Date(at).toISOString().slice(5, 19)} ${source} ${event} ${detail.slice(0, 200)}`;
    const hasty = [...this.coverage.hasty].map((state) => `${state} is entered again and again without a pause`);
    return {
      outcome,
      violations: [...violations, ...hasty],
      coverage: this.coverage,
      visited: this.coverage.visited,
      longest: Math.max(0, ...states.started.map(({ history }) => history.length)),
      histories: longestOf(states.started),
      told: () => world.log.events.map(line).join('\n'),
    };
  }

  /** The first version, then the second with everything that happens to it. @returns whether it was refused */
  private async live(): Promise<boolean> {
    const { world } = this.account;
    for (const version of ['1', '2', '3']) world.sagemaker.createModel({ ModelName: `model-${version}` });
    await this.deploy('1', '1');
    if (!(await this.quiet(600))) throw new Error('version 1 must come to rest');
    const faults = new Faults(this.one.faults);
    this.begun = true;
    world.log.record('campaign', 'CaseBegins', '', {});
    if (!(await this.deploy('2', '2'))) return true;
    this.account.strike(faults);
    const beside = [
      ...this.one.alarms.map((alarm) => this.ring(alarm)),
      ...this.one.deeds.map((deed) => this.meanwhile(deed)),
    ];
    const approving = this.approve();
    const limit = SLACK_MINUTES + this.one.plan.phases.reduce((sum, phase) => sum + bakeMinutes(phase), 0);
    await this.quiet(limit);
    this.begun = false;
    await Promise.all([...beside, ...approving]);
    await this.quiet(limit);
    this.coverage.struck(faults);
    return false;
  }

  private startup({ variantName }: Fleet): Startup {
    return variantName === this.home ? 'healthy' : this.one.model.startup;
  }

  /** Both custom resources of a deployment, as CloudFormation asks them. @returns whether it succeeded */
  private async deploy(version: string, request: string): Promise<boolean> {
    const spec = specOf(this.one, version);
    const ask = async (step: Json): Promise<Json> => {
      const event = {
        RequestType: 'Create',
        RequestId: request,
        ResponseURL: 'https://response',
        StackId: 'stack',
        LogicalResourceId: step.Step,
        ResourceProperties: { Endpoint: ENDPOINT, Digest: spec.digest, Adopt: 'false', ...step },
      };
      const answer = await this.account.invoke('fence', event);
      // A function that never answers fails the deployment: CloudFormation waits no longer than it runs.
      return answer.ok ? answer.payload : { Status: 'FAILED' };
    };
    const fence = await ask({ Step: 'fence' });
    if (fence.Status !== 'SUCCESS') return false;
    const { Action, RolloutId } = fence.Data;
    return (await ask({ Step: 'handover', Action, RolloutId, Spec: JSON.stringify(spec) })).Status === 'SUCCESS';
  }

  private get underWay(): boolean {
    return this.begun && !this.account.still;
  }

  private async meanwhile({ minute, deed }: CaseDeed): Promise<void> {
    const { world } = this.account;
    await world.clock.sleep(minute * MINUTE);
    if (!this.underWay) return;
    world.log.record('people', 'Deed', deed, { deed });
    if (deed === 'touch') return this.touch();
    if (deed === 'rollback') return this.takeBack();
    await this.deploy({ revert: '1', redeploy: '2', third: '3' }[deed], `${deed}-${minute}`);
  }

  private takeBack(): void {
    const { world, states } = this.account;
    const at = new Date(world.clock.now()).toISOString();
    const trigger = { kind: 'person', name: 'on-call', at, endpoint: ENDPOINT };
    states.invoke('StartExecution', { stateMachineArn: NAMES.rollback, input: JSON.stringify({ trigger }) });
  }

  /** A person shifts all but a rest to the champion, in the console. */
  private async touch(): Promise<void> {
    const { world } = this.account;
    try {
      const DesiredWeightsAndCapacities = [
        { VariantName: 'a', DesiredWeight: 97 },
        { VariantName: 'b', DesiredWeight: 3 },
      ];
      world.sagemaker.updateEndpointWeightsAndCapacities({ EndpointName: ENDPOINT, DesiredWeightsAndCapacities });
      world.log.record('people', 'TouchedByHand', 'weights', {});
    } catch {
      // The endpoint is busy, or has one variant: the console says no.
    }
  }

  private async ring({ minute, side, minutes }: CampaignCase['alarms'][number]): Promise<void> {
    const { world, events } = this.account;
    const alarmName = `${ENDPOINT}-errors-${side === 'champion' ? 'a' : 'b'}-rollout`;
    const to = (value: string) => {
      world.log.record('cloudwatch', 'AlarmStateChanged', `${alarmName} to ${value}`, { alarm: alarmName, to: value });
      events.publish({
        source: 'aws.cloudwatch',
        'detail-type': 'CloudWatch Alarm State Change',
        detail: { alarmName, state: { value } },
      });
    };
    await world.clock.sleep(minute * MINUTE);
    if (!this.underWay) return;
    this.alarms.add(alarmName);
    to('ALARM');
    await world.clock.sleep(minutes * MINUTE);
    this.alarms.delete(alarmName);
    to('OK');
  }

  /** People answer as soon as a phase that asks for them has begun, or some time later. */
  private approve(): Promise<void>[] {
    const asked = this.one.plan.phases.flatMap((phase, index) =>
      phase.kind === 'stage' && phase.approval ? [index] : [],
    );
    return asked.flatMap((index, i) => {
      const approval = this.one.model.approvals[i];
      return approval === undefined ? [] : [this.say(index, approval)];
    });
  }

  private async say(index: number, { minute, status }: CampaignCase['model']['approvals'][number]): Promise<void> {
    const { world, dynamodb } = this.account;
    const begun = () => this.account.item('ROLLOUT#r-2', `PHASE#${String(index).padStart(3, '0')}`) !== undefined;
    while (this.begun && !begun()) await world.clock.sleep(MINUTE);
    await world.clock.sleep(minute * MINUTE);
    if (!this.underWay) return;
    world.log.record('people', 'Approval', status, { phase: index, status });
    const Item = { pk: { S: `ENDPOINT#${ENDPOINT}` }, sk: { S: `APPROVAL#r-2#${index}` }, status: { S: status } };
    dynamodb.invoke('PutItem', { TableName: NAMES.table, Item });
  }

  private seen(execution: Execution, event: HistoryEvent): void {
    this.coverage.event(execution, event);
    if (!this.begun) return;
    const machine = execution.props.stateMachineName.replace('engine-', '');
    this.landmark(machine, event);
    for (const stop of this.one.stops) {
      if (stop.machine !== machine || event.id !== stop.event || !execution.running || this.stopped.has(machine))
        continue;
      this.stopped.set(machine, event.id);
      this.account.world.clock.after(0, () => {
        if (!execution.running) return;
        this.account.world.log.record('people', 'StoppedByHand', machine, { machine });
        execution.stop();
      });
    }
  }

  private landmark(machine: string, { type, details }: HistoryEvent): void {
    if (!type.endsWith('StateExited')) return;
    const { log } = this.account.world;
    if (machine === 'rollback' && details['name'] === 'Seize' && details['output']?.seized?.seized === true) {
      log.record('engine', 'RollbackStarted', '', { epoch: details['output'].seized.epoch });
    }
    if (machine === 'rollout' && details['name'] === 'Promote') log.record('engine', 'RolloutPromoted', '', {});
    if (machine === 'rollout' && details['name'] === 'Hold') log.record('engine', 'RolloutHeld', '', {});
  }

  private async quiet(limitMinutes: number): Promise<boolean> {
    let still = 0;
    for (let minute = 0; minute < limitMinutes; minute++) {
      await this.account.world.clock.sleep(MINUTE);
      still = this.account.still ? still + 1 : 0;
      if (still >= QUIET_MINUTES) return true;
    }
    return false;
  }
}

const PASS = { schemaVersion: 1, kind: 'pass', reason: 'the first version is good', evidence: {} };

/** The spec of a version, as `ModelDeployment` hands it over. */
export function specOf({ plan }: CampaignCase, version: string): Json {
  const { phases, onUndecided, window, instances, functions } = plan;
  const alarms = (variant: string) => [`${ENDPOINT}-errors-${variant}-rollout`];
  const kinds = ['before', 'shadow', 'stage', 'watch'];
  return {
    schemaVersion: 1,
    endpoint: ENDPOINT,
    digest: `digest-${version}`,
    modelName: `model-${version}`,
    variant: { InstanceType: 'ml.m5.xlarge' },
    initialInstanceCount: instances,
    tags: [],
    plan: {
      schemaVersion: 1,
      strategy: 'staged',
      phases,
      onUndecided,
      retainPrevious: true,
      ...(window === undefined ? {} : { changeWindow: { days: [1, 2, 3, 4, 5, 6, 7], ...window } }),
    },
    gates: [
      { id: 'errors', evaluator: 'judge', phases: kinds, definition: {} },
      { id: 'data', evaluator: 'judge-data', phases: ['before', 'shadow'], definition: {} },
      ...functions.map((kind) => ({
        id: `user-${kind}`,
        evaluator: 'function',
        phases: [kind],
        definition: { id: `user-${kind}`, functionArn: functionArn(`user-${kind}`) },
      })),
    ],
    alarms: { a: alarms('a'), b: alarms('b') },
    adoptExistingEndpoint: false,
  };
}
