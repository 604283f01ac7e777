export { queryWire } from './query-wire';
export { type Notification, Sns } from './sns';
