import { type Knobs, knobSettings } from '../../../rehearsal/knobs';
import { WorldLog } from '../../../rehearsal/log';
import type { AlarmState } from '../../../rehearsal/sagemaker/alarm-watch';
import type { Startup } from '../../../rehearsal/sagemaker/fleets';
import type { Fleet } from '../../../rehearsal/sagemaker/router';
import { SageMaker } from '../../../rehearsal/sagemaker/sagemaker';
import { Clock } from '../../../rehearsal/time/clock';

/** A SageMaker alone with its clock, and alarms that a test sets by hand. */
export class PracticeWorld {
  public readonly clock = new Clock();
  public readonly log = new WorldLog(this.clock);
  public readonly alarms = new Map<string, AlarmState>();
  public readonly events: object[] = [];
  public startup: (fleet: Fleet) => Startup = () => 'healthy';
  public readonly sagemaker: SageMaker;
  public readonly knobs: Knobs;

  constructor(options: { readonly seed?: number; readonly knobs?: Partial<Knobs> } = {}) {
    this.knobs = knobSettings(options.knobs);
    this.sagemaker = new SageMaker({
      clock: this.clock,
      log: this.log,
      knobs: this.knobs,
      seed: options.seed ?? 1,
      alarms: {
        state: (name) => this.alarms.get(name),
        kind: (name) => (this.alarms.has(name) ? 'metric' : undefined),
      },
      startup: (fleet) => this.startup(fleet),
      onEvent: (event) => this.events.push(event),
    });
  }

  /** A model and its endpoint config, both called `name`. */
  public config(name: string, instances: number, variantName = 'AllTraffic'): string {
    this.sagemaker.createModel({ ModelName: name });
    this.sagemaker.createEndpointConfig({
      EndpointConfigName: name,
      ProductionVariants: [
        { VariantName: variantName, ModelName: name, InstanceType: 'ml.m5.xlarge', InitialInstanceCount: instances },
      ],
    });
    return name;
  }

  public describe() {
    return this.sagemaker.describeEndpoint({ EndpointName: 'fraud' });
  }

  /** Lets time pass until the endpoint rests. A reply may be older than what was asked before: it is waited out first. */
  public async settle(): Promise<void> {
    const resting = async () => {
      await this.clock.sleep(1000 * this.knobs.describeStaleSeconds);
      do await this.clock.sleep(1000);
      while (['Creating', 'Updating', 'RollingBack'].includes(this.describe().EndpointStatus));
    };
    await this.clock.run(resting());
  }

  /** An endpoint `fraud` that serves config `old`, and a config `new`. */
  public async serving(instances: number): Promise<void> {
    this.config('old', instances);
    this.config('new', instances);
    this.sagemaker.createEndpoint({ EndpointName: 'fraud', EndpointConfigName: 'old' });
    await this.settle();
  }

  /** Percent of live traffic by endpoint config. */
  public shares(): Record<string, number> {
    const shares: Record<string, number> = {};
    for (const { fleet, percent } of this.sagemaker.router.of('fraud').shares) {
      shares[fleet.endpointConfigName] = (shares[fleet.endpointConfigName] ?? 0) + percent;
    }
    return shares;
  }

  /** Fleets that run and that no request reaches, some hours later: somebody pays for them for ever. */
  public async orphans(): Promise<string[]> {
    await this.clock.run(this.clock.sleep(4 * 3_600_000));
    const running = new Map<string, number>();
    for (const { data } of this.log.events) {
      if (typeof data['fleet'] === 'string') running.set(data['fleet'], Number(data['instances']));
    }
    const { shares, mirror } = this.sagemaker.router.of('fraud');
    const used = [...shares, ...(mirror === undefined ? [] : [mirror])].map(({ fleet }) => fleet.id);
    return [...running].filter(([fleet, instances]) => instances > 0 && !used.includes(fleet)).map(([fleet]) => fleet);
  }
}
