// What bin/app.py declares, in TypeScript: both must synthesize the same templates.
import {
  App,
  aws_cloudwatch as cloudwatch,
  Duration,
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

app.synth();
