import type { Knobs } from '../knobs';
import type { WorldLog } from '../log';
import type { Clock } from '../time/clock';
import { type AlarmReader, AlarmWatch, Tripped } from './alarm-watch';
import { type Endpoint, type Generation, mirrorOf, type Pending, sharesOf, type VariantStatus } from './endpoint';
import type { Fleets } from './fleets';
import { type DeploymentConfig, executionTimeout, guardrailSteps, instancesOf } from './guardrail-steps';
import type { Router } from './router';

/** What an update of an endpoint works with. */
export interface GuardrailPorts {
  readonly clock: Clock;
  readonly log: WorldLog;
  readonly knobs: Knobs;
  readonly fleets: Fleets;
  readonly router: Router;
  readonly alarms: AlarmReader;
  /** Called after every change that DescribeEndpoint or an event would show. */
  readonly changed: (endpoint: Endpoint) => void;
}

/** One UpdateEndpoint under way: from the old fleet to the new one, or back. */
export class GuardrailUpdate {
  private readonly watch: AlarmWatch;
  private readonly blue: Generation;
  private readonly blueSize: number;
  private readonly pending: Pending;

  constructor(
    private readonly ports: GuardrailPorts,
    private readonly endpoint: Endpoint,
    private readonly green: Generation,
    private readonly config: DeploymentConfig,
  ) {
    const { clock, alarms, knobs } = ports;
    this.blue = endpoint.live;
    this.blueSize = this.blue.fleets[0].instances;
    this.pending = { generation: green, startedAt: clock.now(), active: 0, variantStatus: undefined };
    const names = (config.AutoRollbackConfiguration?.Alarms ?? []).map(({ AlarmName }) => AlarmName);
    const deadline = clock.now() + 1000 * executionTimeout(config, knobs);
    this.watch = new AlarmWatch(clock, alarms, names, deadline, knobs);
  }

  /** Runs to its end; the endpoint is InService or UpdateRollbackFailed then. */
  public async run(): Promise<void> {
    const { endpoint, pending } = this;
    endpoint.pending = pending;
    endpoint.status = 'Updating';
    endpoint.failureReason = undefined;
    endpoint.lastDeploymentConfig = this.config;
    this.ports.changed(endpoint);
    try {
      for (const step of guardrailSteps(this.config, this.green.wanted[0], this.blueSize, this.ports.knobs)) {
        if (step.do === 'launch') await this.launch(step.instances);
        if (step.do === 'activate') await this.activate(step.instances);
        if (step.do === 'bake') await this.bake(step.seconds);
        if (step.do === 'retire') this.retire(this.blue, this.blueSize - step.instances);
      }
      if (endpoint.leftover !== undefined) this.retire(endpoint.leftover.generation, 0);
      endpoint.live = this.green;
      endpoint.leftover = undefined;
      this.finish('InService', undefined, `serves ${this.green.config.EndpointConfigName}`);
    } catch (error) {
      if (!(error instanceof Tripped)) throw error;
      await this.takeBack(error);
    }
  }

  // source: guardrail-launch
  private async launch(instances: number): Promise<void> {
    this.say('Creating', `Launching ${instances} instance(s).`);
    const { config, fleets, shadow } = this.green;
    const rolling = this.config.RollingUpdatePolicy !== undefined;
    const launches = fleets.map((fleet, i) =>
      this.ports.fleets.launch(
        fleet,
        rolling ? instances : this.green.wanted[i],
        config.ProductionVariants[i].ContainerStartupHealthCheckTimeoutInSeconds,
      ),
    );
    const shadows = shadow === undefined || shadow.status === 'up' ? [] : [this.launchShadow(shadow)];
    const asking = this.ports.knobs.alarmWatch === 'wholeUpdate';
    const launched = await this.watch.during(Promise.all([...launches, ...shadows]), asking);
    if (launched.includes('crashes')) throw new Tripped('health', 'the new fleet failed its health check');
    if (launched.includes('noCapacity')) throw new Tripped('capacity', 'no capacity for the new fleet');
  }

  private launchShadow(shadow: Generation['fleets'][number]) {
    const variant = this.green.config.ShadowProductionVariants?.[0];
    const healthCheck = variant?.ContainerStartupHealthCheckTimeoutInSeconds;
    return this.ports.fleets.launch(shadow, variant?.InitialInstanceCount ?? 1, healthCheck);
  }

  // source: guardrail-activate
  private async activate(instances: number): Promise<void> {
    const total = this.green.wanted[0];
    const capacity = instances < total ? 'canary' : 'full';
    this.pending.active = instances;
    this.say('ActivatingTraffic', `Activating traffic on ${capacity} capacity of ${instances} instance(s).`);
    // Traffic that is on its way cannot be called back: a timeout waits for it.
    await this.route(instances / total);
  }

  // source: guardrail-bake
  private async bake(seconds: number): Promise<void> {
    const { active } = this.pending;
    const capacity = active < this.green.wanted[0] ? 'canary' : 'full';
    const message = `Baking for ${seconds} seconds (TerminationWaitInSeconds) with traffic enabled on ${capacity} capacity of ${active} instance(s).`;
    this.say('Baking', message);
    this.record('BakingStarted', message, { seconds });
    await this.watch.during(this.ports.clock.sleep(1000 * seconds), true);
    this.record('BakingPassed', `no alarm tripped in ${seconds} seconds`);
  }

  private retire(generation: Generation, left: number): void {
    const shadow = generation.shadow === undefined || left > 0 ? [] : [generation.shadow];
    const shrinking = [...generation.fleets, ...shadow].filter(({ instances }) => instances > left);
    if (shrinking.length === 0) return;
    this.say('Deleting', `Terminating ${shrinking[0].instances - left} instance(s).`);
    for (const fleet of shrinking) this.ports.fleets.shrink(fleet, left);
  }

  // source: guardrail-rollback
  private async takeBack(why: Tripped): Promise<void> {
    const { knobs } = this.ports;
    const stops = why.cause === 'timeout' && knobs.executionTimeout === 'stops' && this.pending.active > 0;
    if (stops) {
      this.leaveMixed();
      return this.finish('UpdateRollbackFailed', why.message, `${why.message}: the update stops where it is`);
    }
    this.endpoint.status = knobs.rollbackStatus;
    this.record('RollbackStarted', why.message, { cause: why.cause, alarm: why.alarmName });
    const restored = await this.restoreBlue();
    if (!restored) {
      this.leaveMixed();
      const reason = `${why.message}; the rollback found no instances for the old config`;
      return this.finish('UpdateRollbackFailed', reason, 'serves a mix of both configs');
    }
    for (const fleet of this.green.fleets) if (fleet.instances === 0) fleet.status = 'terminated';
    if (this.green.shadow?.status === 'launching') this.green.shadow.status = 'terminated';
    const reason = knobs.failureReasonAfterRollback === 'present' ? why.message : undefined;
    if (this.endpoint.leftover !== undefined) return this.finish('UpdateRollbackFailed', reason, 'serves a mix still');
    this.finish('InService', reason, `serves ${this.blue.config.EndpointConfigName} again`);
  }

  /** Blue takes everything back: at once, or by the rolling policy's batches. False when its instances do not come. */
  private async restoreBlue(): Promise<boolean> {
    const { RollbackMaximumBatchSize: size } = this.config.RollingUpdatePolicy ?? {};
    const batch =
      size === undefined ? this.blueSize : instancesOf(size, this.blueSize, this.ports.knobs.capacityRounding);
    const [blue] = this.blue.fleets;
    const total = this.green.wanted[0];
    const taken = Math.floor((this.pending.active / total) * this.blueSize);
    for (let back = this.blueSize - taken; back < this.blueSize || this.pending.active > 0; ) {
      back = Math.min(this.blueSize, back + batch);
      const left = back === this.blueSize ? 0 : Math.max(0, total - Math.ceil((back / this.blueSize) * total));
      const atOnce = this.ports.knobs.rollingRollback === 'atOnce' && batch === this.blueSize && blue.status === 'up';
      if (atOnce) await this.route(0);
      if (back > blue.instances && (await this.ports.fleets.launch(blue, back - blue.instances)) !== 'up') return false;
      this.pending.active = left;
      await this.route(left / total);
      this.retire(this.green, left);
    }
    this.retire(this.green, 0);
    return true;
  }

  private leaveMixed(): void {
    const fraction = this.pending.active / this.green.wanted[0];
    if (fraction > 0) this.endpoint.leftover = { generation: this.green, fraction };
  }

  // source: guardrail-shift
  private async route(fraction: number): Promise<void> {
    await this.ports.clock.sleep(1000 * this.ports.knobs.shiftSeconds);
    const { leftover, name } = this.endpoint;
    const old = sharesOf(this.blue, leftover?.generation, leftover?.fraction ?? 0);
    const shares = [
      ...old.map(({ fleet, percent }) => ({ fleet, percent: percent * (1 - fraction) })),
      ...sharesOf(this.green, undefined, 0).map(({ fleet, percent }) => ({ fleet, percent: percent * fraction })),
    ];
    this.ports.router.route(name, shares, mirrorOf(fraction === 1 ? this.green : this.blue));
  }

  private finish(status: 'InService' | 'UpdateRollbackFailed', reason: string | undefined, detail: string): void {
    const { endpoint, ports } = this;
    endpoint.status = status;
    endpoint.pending = undefined;
    endpoint.failureReason = reason;
    this.record(status === 'InService' ? 'UpdateFinished' : 'UpdateRollbackFailed', `${endpoint.name} ${detail}`, {
      config: endpoint.live.config.EndpointConfigName,
    });
    ports.changed(endpoint);
  }

  private say(status: VariantStatus['Status'], message: string): void {
    this.pending.variantStatus = { Status: status, StatusMessage: message, StartTime: this.ports.clock.now() };
    this.ports.changed(this.endpoint);
  }

  private record(event: string, detail: string, data: Readonly<Record<string, unknown>> = {}): void {
    this.ports.log.record('sagemaker', event, detail, { endpoint: this.endpoint.name, ...data });
  }
}
