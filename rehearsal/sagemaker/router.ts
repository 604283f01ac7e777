import type { WorldLog } from '../log';

/** Instances that run one variant of one endpoint config, up or on their way. */
export interface Fleet {
  readonly id: string;
  readonly endpointName: string;
  readonly endpointConfigName: string;
  readonly variantName: string;
  readonly modelName: string;
  readonly instanceType: string;
  /** Instances that are up and can answer. */
  instances: number;
  status: 'launching' | 'up' | 'terminated';
}

/** A fleet and the percent of its endpoint's live traffic that it answers. */
export interface Share {
  readonly fleet: Fleet;
  readonly percent: number;
}

/** A fleet that gets a copy of requests and whose answers nobody sees. */
export interface Mirror {
  readonly fleet: Fleet;
  readonly percent: number;
}

/** What an endpoint's router does with a request at this moment. */
export interface Routing {
  readonly shares: readonly Share[];
  readonly mirror: Mirror | undefined;
}

const NOWHERE: Routing = { shares: [], mirror: undefined };

/** Where requests really go: the ground truth, whatever DescribeEndpoint says. */
export class Router {
  private readonly table = new Map<string, Routing>();
  private readonly listeners: ((endpointName: string, routing: Routing) => void)[] = [];

  constructor(private readonly log: WorldLog) {}

  public of(endpointName: string): Routing {
    return this.table.get(endpointName) ?? NOWHERE;
  }

  /** Called with the new routing after every change of shares or of a serving fleet's size. */
  public onChange(listener: (endpointName: string, routing: Routing) => void): void {
    this.listeners.push(listener);
  }

  public route(endpointName: string, shares: readonly Share[], mirror?: Mirror): void {
    const serving = shares.filter(({ percent }) => percent !== 0);
    this.table.set(endpointName, { shares: serving, mirror });
    // Two fleets of one config are told apart by their variant.
    const many = new Set(shares.map(({ fleet }) => fleet.endpointConfigName)).size < shares.length;
    const parts = serving.map(
      ({ fleet: { endpointConfigName, variantName }, percent }) =>
        `${round(percent)} % ${many ? `${variantName} of ` : ''}${endpointConfigName}`,
    );
    this.log.record('router', 'TrafficShifted', parts.length > 0 ? parts.join(', ') : 'nothing serves', {
      endpoint: endpointName,
      shares: serving.map(({ fleet, percent }) => ({
        fleet: fleet.id,
        config: fleet.endpointConfigName,
        variant: fleet.variantName,
        model: fleet.modelName,
        percent,
      })),
    });
    this.announce(endpointName);
  }

  /** Tells the listeners that a serving fleet grew or shrank. */
  public announce(endpointName: string): void {
    for (const listener of this.listeners) listener(endpointName, this.of(endpointName));
  }
}

const round = (percent: number) => Math.round(percent * 100) / 100;
