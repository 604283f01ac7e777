/** Every API that a rollout calls, by its function or by a machine. */
export const APIS = [
  'cloudwatch:DescribeAlarms',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'dynamodb:UpdateItem',
  'lambda:Invoke',
  'sagemaker:AddTags',
  'sagemaker:CreateEndpointConfig',
  'sagemaker:DeleteEndpointConfig',
  'sagemaker:DescribeEndpoint',
  'sagemaker:DescribeEndpointConfig',
  'sagemaker:ListTags',
  'sagemaker:UpdateEndpoint',
  'sagemaker:UpdateEndpointWeightsAndCapacities',
  'sns:Publish',
  'states:StartExecution',
  'states:StopExecution',
] as const;

export const FAULT_KINDS = ['throttled', 'denied', 'failed', 'replyLost', 'silent'] as const;
