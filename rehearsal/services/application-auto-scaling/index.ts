export {
  ApplicationAutoScaling,
  type ScalableTarget,
  type SuspendedState,
} from './application-auto-scaling';
