// What bin/app.py declares, in TypeScript: both must synthesize the same templates.
import {
  App,
  aws_cloudwatch as cloudwatch,
  Duration,
  aws_iam as iam,
  Stack,
  aws_s3 as s3,
  type aws_sagemaker as sagemaker,
} from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import type { Construct } from 'constructs';

class SlowestTenth extends rollouts.RollbackAlarm {
  public bind(scope: Construct, fleet: rollouts.Fleet): cloudwatch.IAlarmRef | undefined {
    if (!fleet.wholeVariant) return undefined;
    return new cloudwatch.Alarm(scope, 'SlowestTenth', {
      alarmName: fleet.alarmName('SlowestTenth'),
      metric: fleet.metricModelLatency({ percentile: 90 }),
      threshold: 120_000,
      evaluationPeriods: 2,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }
}

class HalvesStrategy extends rollouts.GuardrailStrategy {
  constructor(private readonly bake: Duration) {
    super();
  }

  public plan(): rollouts.RolloutPlan {
    const steps = [50, 100].map((percent) => new rollouts.RolloutStep({ percent, bake: this.bake }));
    return new rollouts.RolloutPlan({ strategy: 'halves', steps });
  }

  public bind(): sagemaker.CfnEndpoint.DeploymentConfigProperty {
    const seconds = this.bake.toSeconds();
    return {
      blueGreenUpdatePolicy: {
        trafficRoutingConfiguration: {
          type: 'CANARY',
          canarySize: { type: 'CAPACITY_PERCENT', value: 50 },
          waitIntervalInSeconds: seconds,
        },
        terminationWaitInSeconds: seconds,
        maximumExecutionTimeoutInSeconds: 2 * seconds + 3600,
      },
    };
  }

  public toJson() {
    return { strategy: 'halves', bake: this.bake.toIsoString() };
  }
}

function modelOf(stack: Stack, key: string): rollouts.Model {
  const artefacts = s3.Bucket.fromBucketName(stack, 'Artefacts', 'my-model-artefacts');
  return new rollouts.Model(stack, 'Model', {
    containers: [
      {
        image: rollouts.ContainerImage.fromSagemaker('sagemaker-xgboost', '1.7-1'),
        modelData: rollouts.ModelData.fromBucket(artefacts, key),
        environment: { SAGEMAKER_PROGRAM: 'inference.py' },
      },
    ],
  });
}

const app = new App();

const fraud = new Stack(app, 'fraud');
new rollouts.Endpoint(fraud, 'Endpoint', {
  endpointName: 'fraud',
  model: modelOf(fraud, 'fraud/v7/model.tar.gz'),
  hosting: rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4 }),
  strategy: new rollouts.CanaryStrategy({
    canarySize: rollouts.CapacitySize.instances(1),
    waitInterval: Duration.minutes(10),
    terminationWait: Duration.minutes(30),
  }),
  rollbackAlarms: [
    ...rollouts.RollbackAlarm.recommended({ errorRate: 0.02, latencyP99: Duration.millis(250) }),
    rollouts.RollbackAlarm.fleetMetric('Overhead', { metricName: 'OverheadLatency', threshold: 100_000 }),
  ],
});

const churn = new Stack(app, 'churn');
new rollouts.Endpoint(churn, 'Endpoint', {
  endpointName: 'churn',
  model: modelOf(churn, 'churn/v3/model.tar.gz'),
  hosting: rollouts.Hosting.instances({
    instanceType: 'ml.m5.large',
    initialInstanceCount: 2,
    autoScaling: rollouts.AutoScaling.onInvocations({ minInstances: 2, maxInstances: 8, target: 600 }),
  }),
  strategy: new HalvesStrategy(Duration.minutes(15)),
  rollbackAlarms: [...rollouts.RollbackAlarm.recommended({ errorRate: 0.05 }), new SlowestTenth()],
});

const pricing = new Stack(app, 'pricing');
const artefacts = s3.Bucket.fromBucketName(pricing, 'Reports', 'my-model-artefacts');
const captured = s3.Bucket.fromBucketName(pricing, 'Captured', 'my-captured-traffic');
const platform = new rollouts.RolloutPlatform(pricing, 'Platform', { platformName: 'pricing' });
const deployment = new rollouts.ModelDeployment(pricing, 'Deployment', {
  endpointName: 'pricing',
  platform,
  model: modelOf(pricing, 'pricing/v12/model.tar.gz'),
  hosting: rollouts.Hosting.instances({
    instanceType: 'ml.m5.xlarge',
    initialInstanceCount: 4,
    requestsPerSecond: 100,
  }),
  dataCapture: { bucket: captured },
  strategy: new rollouts.StagedStrategy({
    shadow: { minimumRequests: 10_000, minimumDuration: Duration.hours(48) },
    stages: [
      { percent: 10, bake: Duration.hours(24) },
      { percent: 50, bake: Duration.hours(24), deadline: Duration.days(5) },
    ],
    watchPeriod: Duration.hours(72),
    onUndecided: rollouts.OnUndecided.CHAMPION,
    changeWindow: rollouts.ChangeWindow.weekdays({ fromHour: 9, toHour: 16, timeZone: 'Europe/Berlin' }),
    freezes: [{ firstDay: '2026-12-19', lastDay: '2027-01-03' }],
  }),
  rollbackAlarms: rollouts.RollbackAlarm.recommended({ errorRate: 0.02, latencyP99: Duration.millis(250) }),
  gates: [
    new rollouts.OfflineEvaluationGate({
      report: rollouts.EvaluationReport.fromBucket(artefacts, 'pricing/v12/evaluation.json'),
      championReport: rollouts.EvaluationReport.fromBucket(artefacts, 'pricing/v11/evaluation.json'),
      checks: [
        rollouts.EvaluationCheck.comparison({
          metric: rollouts.MetricPlace.modelQuality('regression', 'rmse'),
          direction: rollouts.Direction.LOWER_IS_BETTER,
          absoluteMargin: 0.05,
        }),
      ],
    }),
    new rollouts.ShadowDivergenceGate({
      maximumRate: 0.02,
      prediction: rollouts.PredictionField.score({ tolerance: 0.05 }),
    }),
    new rollouts.ErrorRateGate({ absoluteMargin: 0.005, maximumRate: 0.02 }),
    new rollouts.LatencyGate({ percentile: 99, ceiling: Duration.millis(250) }),
  ],
  approval: {
    approvers: [iam.Role.fromRoleName(pricing, 'OnCall', 'on-call')],
    when: [
      rollouts.ApprovalRule.blastRadiusAbove(500),
      rollouts.ApprovalRule.outsideNormal({ instanceTypes: ['ml.m5.xlarge'], maximumInstanceCount: 8 }),
    ],
  },
});
deployment.grantOperate(iam.Role.fromRoleName(pricing, 'Scientists', 'data-science'));

app.synth();
