/** On every endpoint that the engine made or took over. */
export const OWNER_TAG = 'cdk-sagemaker-rollouts:endpoint';
