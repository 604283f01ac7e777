import { aws_iam as iam } from 'aws-cdk-lib';

/** Lets `judge` read metrics. CloudWatch has no ARN for a metric, so this action takes no resource. */
export function readMetrics(): iam.PolicyStatement {
  return new iam.PolicyStatement({ actions: ['cloudwatch:GetMetricData'], resources: ['*'] });
}
