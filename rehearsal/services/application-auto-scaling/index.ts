export {
  ApplicationAutoScaling,
  type ScalableTarget,
  type SuspendedState,
} from './application-auto-scaling';
export type { Variants } from './scaling-variants';
