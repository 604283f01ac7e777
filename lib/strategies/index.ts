export { AllAtOnceStrategy, type AllAtOnceStrategyProps } from './all-at-once-strategy';
export { CanaryStrategy, type CanaryStrategyProps } from './canary-strategy';
export { LinearStrategy, type LinearStrategyProps } from './linear-strategy';
export { RollingStrategy, type RollingStrategyProps } from './rolling-strategy';
export { StagedStrategy, type StagedStrategyProps, type StageProps } from './staged-strategy';
