"""The example app in Python: two models, a signal and a strategy of its own.

    npm run python && pip install pkg/python/*.whl && python bin/app.py
"""

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch, aws_s3 as s3, aws_sagemaker as sagemaker
import cdk_sagemaker_rollouts as rollouts


class SlowestTenth(rollouts.RollbackAlarm):
    """A signal of your own: bind() is called once for each fleet to watch."""

    def bind(self, scope, fleet):
        if not fleet.whole_variant:
            return None
        return cloudwatch.Alarm(
            scope,
            "SlowestTenth",
            alarm_name=fleet.alarm_name("SlowestTenth"),
            metric=fleet.metric_model_latency(percentile=90),
            threshold=120_000,  # microseconds
            evaluation_periods=2,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )


class HalvesStrategy(rollouts.GuardrailStrategy):
    """A strategy of your own: half of the fleet, then all of it."""

    def __init__(self, bake):
        super().__init__()
        self._bake = bake

    def plan(self, context):
        return rollouts.RolloutPlan(
            strategy="halves",
            steps=[
                rollouts.RolloutStep(percent=50, bake=self._bake),
                rollouts.RolloutStep(percent=100, bake=self._bake),
            ],
        )

    def bind(self, context):
        seconds = self._bake.to_seconds()
        return sagemaker.CfnEndpoint.DeploymentConfigProperty(
            blue_green_update_policy=sagemaker.CfnEndpoint.BlueGreenUpdatePolicyProperty(
                traffic_routing_configuration=sagemaker.CfnEndpoint.TrafficRoutingConfigProperty(
                    type="CANARY",
                    canary_size=sagemaker.CfnEndpoint.CapacitySizeProperty(type="CAPACITY_PERCENT", value=50),
                    wait_interval_in_seconds=seconds,
                ),
                termination_wait_in_seconds=seconds,
                maximum_execution_timeout_in_seconds=2 * seconds + 3600,
            )
        )

    def to_json(self):
        return {"strategy": "halves", "bake": self._bake.to_iso_string()}


def model_of(stack, key):
    artefacts = s3.Bucket.from_bucket_name(stack, "Artefacts", "my-model-artefacts")
    return rollouts.Model(
        stack,
        "Model",
        containers=[
            rollouts.ContainerDefinition(
                image=rollouts.ContainerImage.from_sagemaker("sagemaker-xgboost", "1.7-1"),
                model_data=rollouts.ModelData.from_bucket(artefacts, key),
                environment={"SAGEMAKER_PROGRAM": "inference.py"},
            )
        ],
    )


def fraud(app):
    stack = cdk.Stack(app, "fraud")
    rollouts.Endpoint(
        stack,
        "Endpoint",
        endpoint_name="fraud",
        model=model_of(stack, "fraud/v7/model.tar.gz"),
        hosting=rollouts.Hosting.instances(instance_type="ml.m5.xlarge", initial_instance_count=4),
        strategy=rollouts.CanaryStrategy(
            canary_size=rollouts.CapacitySize.instances(1),
            wait_interval=cdk.Duration.minutes(10),
            termination_wait=cdk.Duration.minutes(30),
        ),
        rollback_alarms=[
            *rollouts.RollbackAlarm.recommended(error_rate=0.02, latency_p99=cdk.Duration.millis(250)),
            rollouts.RollbackAlarm.fleet_metric("Overhead", metric_name="OverheadLatency", threshold=100_000),
        ],
    )


def churn(app):
    stack = cdk.Stack(app, "churn")
    rollouts.Endpoint(
        stack,
        "Endpoint",
        endpoint_name="churn",
        model=model_of(stack, "churn/v3/model.tar.gz"),
        hosting=rollouts.Hosting.instances(
            instance_type="ml.m5.large",
            initial_instance_count=2,
            auto_scaling=rollouts.AutoScaling.on_invocations(min_instances=2, max_instances=8, target=600),
        ),
        strategy=HalvesStrategy(cdk.Duration.minutes(15)),
        rollback_alarms=[*rollouts.RollbackAlarm.recommended(error_rate=0.05), SlowestTenth()],
    )


app = cdk.App()
fraud(app)
churn(app)
app.synth()
