export type { Approval } from './approval';
export { ApprovalRule, type NormalDeploymentProps } from './approval-rule';
export { ModelDeployment, type ModelDeploymentProps } from './model-deployment';
export { RolloutPlatform, type RolloutPlatformProps } from './rollout-platform';
