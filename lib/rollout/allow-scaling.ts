import { type aws_dynamodb as dynamodb, aws_iam as iam, Stack } from 'aws-cdk-lib';
import type { EngineFunction } from './engine-function';
import { anyVersion } from './engine-machines';

/** Who scales variants of endpoints, in the name of the account. */
const SCALER = 'sagemaker.application-autoscaling.amazonaws.com';

/**
 * Lets the engine say how the variants of an endpoint are scaled, as far as IAM can tell them apart.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsapplicationautoscaling.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-prerequisites.html
 */
export function allowScaling(
  applyTransition: EngineFunction,
  endpointName: string,
  record: dynamodb.Table,
  watcher: iam.Role,
): void {
  const { handler } = applyTransition;
  const { partition, region, account } = Stack.of(handler);
  const allow = (props: iam.PolicyStatementProps) => handler.addToRolePolicy(new iam.PolicyStatement(props));
  // The ids of targets are Application Auto Scaling's own, and not known before it has given them: what IAM can tell apart is
  // what they scale.
  allow({
    actions: [
      'application-autoscaling:RegisterScalableTarget',
      'application-autoscaling:DeregisterScalableTarget',
      'application-autoscaling:PutScalingPolicy',
    ],
    resources: [`arn:${partition}:application-autoscaling:${region}:${account}:scalable-target/*`],
    conditions: {
      StringEquals: {
        'application-autoscaling:service-namespace': 'sagemaker',
        'application-autoscaling:scalable-dimension': 'sagemaker:variant:DesiredInstanceCount',
      },
    },
  });
  // An action without resource types.
  allow({ actions: ['application-autoscaling:DescribeScalableTargets'], resources: ['*'] });
  // Whoever registers the first variant of an account makes the role that scales it.
  allow({
    actions: ['iam:CreateServiceLinkedRole'],
    resources: [
      `arn:${partition}:iam::${account}:role/aws-service-role/${SCALER}/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint`,
    ],
    conditions: { StringEquals: { 'iam:AWSServiceName': SCALER } },
  });
  // Target tracking makes two alarms a policy, and asks that its caller may.
  allow({
    actions: ['cloudwatch:PutMetricAlarm', 'cloudwatch:DescribeAlarms', 'cloudwatch:DeleteAlarms'],
    resources: [
      `arn:${partition}:cloudwatch:${region}:${account}:alarm:TargetTracking-endpoint/${endpointName}/variant/*`,
    ],
  });
  // The champion's count is raised with the traffic, from whoever watches a phase, and the record says to what.
  allow({ actions: ['dynamodb:UpdateItem'], resources: [record.tableArn] });
  watcher.addToPolicy(
    new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [anyVersion(applyTransition)] }),
  );
}
