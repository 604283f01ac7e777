export { ModelDeployment, type ModelDeploymentProps } from './model-deployment';
export { RolloutPlatform, type RolloutPlatformProps } from './rollout-platform';
