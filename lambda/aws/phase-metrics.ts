/**
 * Counts looks at phases by what their gates say, for the deployment's dashboard: one line in CloudWatch's embedded
 * metric format, with exactly the dimensions that the dashboard asks for.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function countLook(endpoint: string, kind: 'pass' | 'fail' | 'hold', at: string): void {
  const metrics = {
    Namespace: 'SageMakerRollouts',
    Dimensions: [['endpoint', 'kind']],
    Metrics: [{ Name: 'Looks', Unit: 'Count' }],
  };
  const line = { _aws: { Timestamp: Date.parse(at), CloudWatchMetrics: [metrics] }, endpoint, kind, Looks: 1 };
  console.log(JSON.stringify(line));
}
