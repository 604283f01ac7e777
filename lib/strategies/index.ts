export { AllAtOnceStrategy, type AllAtOnceStrategyProps } from './all-at-once-strategy';
export { CanaryStrategy, type CanaryStrategyProps } from './canary-strategy';
export { LinearStrategy, type LinearStrategyProps } from './linear-strategy';
export { RollingStrategy, type RollingStrategyProps } from './rolling-strategy';
export { type Stage, StagedStrategy, type StagedStrategyProps } from './staged-strategy';
