export { CapacitySize } from './capacity-size';
export { type ChangeHoursProps, ChangeWindow, type ChangeWindowProps, type Freeze } from './change-window';
export { Fleet, type FleetProps, type LatencyMetricOptions } from './fleet';
export * from './gate';
export { GuardrailStrategy } from './guardrail-strategy';
export {
  FleetMetricAlarm,
  type FleetMetricProps,
  type RecommendedAlarmsProps,
  RollbackAlarm,
} from './rollback-alarm';
export {
  OnUndecided,
  PlanContext,
  type PlanContextProps,
  RolloutPlan,
  type RolloutPlanProps,
  RolloutStep,
  type RolloutStepProps,
} from './rollout-plan';
export { type ShadowPhase, ShadowStep } from './shadow-step';
export { Strategy } from './strategy';
