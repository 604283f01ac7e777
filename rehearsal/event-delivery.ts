import type { Knobs } from './knobs';
import type { Delivery } from './services';

/** What a setting of the knob means on the bus. */
export const DELIVERIES: Readonly<Record<Knobs['eventDelivery'], Delivery>> = {
  once: { times: 1, outOfOrder: false },
  twice: { times: 2, outOfOrder: false },
  never: { times: 0, outOfOrder: false },
  outOfOrder: { times: 1, outOfOrder: true },
};
