import { aws_cloudwatch as cloudwatch, Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Fleet } from '../bases/fleet';

/** What a dashboard shows. */
export interface DashboardOptions {
  readonly endpointName: string;
  readonly a: Fleet;
  readonly b: Fleet;
  readonly alarms: readonly cloudwatch.IAlarmRef[];
}

/**
 * One dashboard a deployment: who has which share of the traffic, whether both answer well and fast, what the alarms
 * say, and what the gates have said. Variant `a` and `b` keep their colours; who of them is new changes.
 */
export function drawDashboard(scope: Construct, options: DashboardOptions): void {
  const { endpointName, a, b, alarms } = options;
  const both = (title: string, metric: (fleet: Fleet, label: string) => cloudwatch.IMetric, max?: number) =>
    new cloudwatch.GraphWidget({
      title,
      width: 12,
      left: [metric(a, 'a'), metric(b, 'b')],
      leftYAxis: { min: 0, ...(max === undefined ? {} : { max }) },
    });
  const share = (numerator: string, label: string) =>
    new cloudwatch.MathExpression({
      expression: `100*FILL(${numerator},0)/(FILL(a,0)+FILL(b,0))`,
      usingMetrics: { a: a.metricInvocations(), b: b.metricInvocations() },
      label,
      period: Duration.minutes(1),
    });
  const verdicts = (kind: string, color: string) =>
    new cloudwatch.Metric({
      namespace: 'SageMakerRollouts',
      metricName: 'Looks',
      dimensionsMap: { endpoint: endpointName, kind },
      statistic: 'Sum',
      period: Duration.minutes(5),
      label: kind,
      color,
    });
  new cloudwatch.Dashboard(scope, 'Dashboard', {
    dashboardName: `rollouts-${endpointName}`,
    defaultInterval: Duration.days(3),
    widgets: [
      [
        new cloudwatch.TextWidget({
          width: 24,
          height: 2,
          markdown: `**${endpointName}**: \`npx rollouts status ${endpointName}\` shows the rollout, \`npx rollouts rollback ${endpointName} --reason "..."\` takes it back.`,
        }),
      ],
      [
        new cloudwatch.GraphWidget({
          title: 'Share of traffic, percent',
          width: 12,
          left: [share('a', 'a'), share('b', 'b')],
          leftYAxis: { min: 0, max: 100 },
        }),
        both('Requests a minute', (fleet, label) => fleet.metricInvocations({ label })),
      ],
      [
        both('Errors (5xx), share of requests', (fleet, label) => fleet.metricServerErrors({ label })),
        both('Latency of the model, 99th percentile, µs', (fleet, label) =>
          fleet.metricModelLatency({ percentile: 99, label }),
        ),
      ],
      [
        ...(alarms.length === 0
          ? []
          : [new cloudwatch.AlarmStatusWidget({ title: 'Rollback alarms', width: 12, alarms: [...alarms] })]),
        new cloudwatch.GraphWidget({
          title: 'Verdicts, looks in five minutes',
          width: 12,
          stacked: true,
          left: [verdicts('pass', '#2ca02c'), verdicts('hold', '#ff7f0e'), verdicts('fail', '#d62728')],
          leftYAxis: { min: 0 },
        }),
      ],
    ],
  });
}
