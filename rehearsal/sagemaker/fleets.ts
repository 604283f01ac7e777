import type { WorldLog } from '../log';
import type { Clock } from '../time/clock';
import type { RandomStream } from '../time/random';
import type { Fleet, Router } from './router';

/** How instances of a fleet start: from the scenario. */
export type Startup = 'healthy' | 'crashes' | 'noCapacity';

/** What came of a launch. */
export type Launched = 'up' | 'crashes' | 'noCapacity' | 'cancelled';

// source: health-check-default
/** Seconds a container that never answers its health check is given, when the variant does not say. */
const HEALTH_CHECK_SECONDS = 1200;
// source: instance-start
/** Seconds from request to a container that answers: log-normal, with these bounds. */
const START = { median: 240, sigma: 0.35, minimum: 90, maximum: 900 };
// source: capacity-search
/** Seconds SageMaker looks for instances before it gives up. */
const CAPACITY_SEARCH = { minimum: 600, maximum: 1500 };

/** Launches and terminates the instances of fleets. */
export class Fleets {
  private made = 0;

  constructor(
    private readonly clock: Clock,
    private readonly log: WorldLog,
    private readonly router: Router,
    private readonly random: RandomStream,
    private readonly startup: (fleet: Fleet) => Startup,
  ) {}

  public make(of: Omit<Fleet, 'id' | 'instances' | 'status'>): Fleet {
    this.made++;
    return { ...of, id: `${of.endpointConfigName}/${of.variantName}#${this.made}`, instances: 0, status: 'launching' };
  }

  /** Adds instances to a fleet; settles when they answer, or when it is clear that they will not. */
  public async launch(fleet: Fleet, instances: number, healthCheckSeconds = HEALTH_CHECK_SECONDS): Promise<Launched> {
    const how = this.startup(fleet);
    this.record('FleetLaunching', fleet, `launching ${instances} instance(s)`);
    await this.clock.sleep(1000 * this.seconds(how, healthCheckSeconds));
    if (fleet.status === 'terminated') return 'cancelled';
    if (how !== 'healthy') {
      this.record(
        'FleetFailed',
        fleet,
        how === 'crashes' ? 'its containers fail the health check' : 'no capacity found',
      );
      return how;
    }
    fleet.instances += instances;
    fleet.status = 'up';
    this.record('FleetUp', fleet, `${fleet.instances} instance(s) up`);
    this.router.announce(fleet.endpointName);
    return 'up';
  }

  /** Takes instances away until `left` are left; a fleet without instances is terminated. */
  public shrink(fleet: Fleet, left: number): void {
    const gone = fleet.instances - left;
    fleet.instances = left;
    if (left === 0) fleet.status = 'terminated';
    this.record(left === 0 ? 'FleetTerminated' : 'FleetShrunk', fleet, `terminating ${gone} instance(s)`);
    this.router.announce(fleet.endpointName);
  }

  private seconds(how: Startup, healthCheckSeconds: number): number {
    const draw = this.random();
    if (how === 'noCapacity') return Math.round(between(CAPACITY_SEARCH, draw));
    // A log-normal by its logistic near twin: one draw, no tail beyond the bounds.
    const start = START.median * Math.exp(START.sigma * 0.55 * Math.log(draw / (1 - draw)));
    const seconds = Math.round(Math.min(START.maximum, Math.max(START.minimum, start)));
    return how === 'crashes' ? seconds + healthCheckSeconds : seconds;
  }

  private record(event: string, fleet: Fleet, detail: string): void {
    this.log.record('sagemaker', event, `${fleet.id}: ${detail}`, {
      endpoint: fleet.endpointName,
      fleet: fleet.id,
      config: fleet.endpointConfigName,
      instances: fleet.instances,
    });
  }
}

const between = ({ minimum, maximum }: { minimum: number; maximum: number }, draw: number) =>
  minimum + draw * (maximum - minimum);
