export type { EventPattern } from './event-pattern';
export { type Delivery, EventBridge, type EventBridgeProps, type Rule, type Target } from './eventbridge';
