"""The example app in Python: a canary, a signal and a strategy of one's own, and a rollout over days.

    npm run python && pip install pkg/python/*.whl && python bin/app.py
"""

from collections.abc import Mapping

import aws_cdk as cdk
from aws_cdk import (
    aws_cloudwatch as cloudwatch,
    aws_iam as iam,
    aws_s3 as s3,
    aws_sagemaker as sagemaker,
)
from constructs import Construct
import cdk_sagemaker_rollouts as rollouts


class SlowestTenth(rollouts.RollbackAlarm):
    """A signal of your own: bind() is called once for each fleet to watch."""

    def bind(self, scope: Construct, fleet: rollouts.Fleet) -> cloudwatch.Alarm | None:
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

    def __init__(self, bake: cdk.Duration) -> None:
        super().__init__()
        self._bake = bake

    def plan(self, context: rollouts.PlanContext) -> rollouts.RolloutPlan:
        return rollouts.RolloutPlan(
            strategy="halves",
            steps=[
                rollouts.RolloutStep(percent=50, bake=self._bake),
                rollouts.RolloutStep(percent=100, bake=self._bake),
            ],
        )

    def bind(self, context: rollouts.PlanContext) -> sagemaker.CfnEndpoint.DeploymentConfigProperty:
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

    def to_json(self) -> Mapping[str, object]:
        return {"strategy": "halves", "bake": self._bake.to_iso_string()}


def model_of(stack: cdk.Stack, key: str) -> rollouts.Model:
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


def fraud(app: cdk.App) -> None:
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


def churn(app: cdk.App) -> None:
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


def pricing(app: cdk.App) -> None:
    """Ten thousand shadow requests first, then days at small shares, under an engine."""
    stack = cdk.Stack(app, "pricing")
    artefacts = s3.Bucket.from_bucket_name(stack, "Reports", "my-model-artefacts")
    captured = s3.Bucket.from_bucket_name(stack, "Captured", "my-captured-traffic")
    platform = rollouts.RolloutPlatform(stack, "Platform", platform_name="pricing")
    deployment = rollouts.ModelDeployment(
        stack,
        "Deployment",
        endpoint_name="pricing",
        platform=platform,
        model=model_of(stack, "pricing/v12/model.tar.gz"),
        hosting=rollouts.Hosting.instances(
            instance_type="ml.m5.xlarge", initial_instance_count=4, requests_per_second=100
        ),
        data_capture=rollouts.DataCapture(bucket=captured),
        strategy=rollouts.StagedStrategy(
            shadow=rollouts.ShadowPhase(minimum_requests=10_000, minimum_duration=cdk.Duration.hours(48)),
            stages=[
                rollouts.Stage(percent=10, bake=cdk.Duration.hours(24)),
                rollouts.Stage(percent=50, bake=cdk.Duration.hours(24), deadline=cdk.Duration.days(5)),
            ],
            watch_period=cdk.Duration.hours(72),
            on_undecided=rollouts.OnUndecided.CHAMPION,
            change_window=rollouts.ChangeWindow.weekdays(from_hour=9, to_hour=16, time_zone="Europe/Berlin"),
            freezes=[rollouts.Freeze(first_day="2026-12-19", last_day="2027-01-03")],
        ),
        rollback_alarms=rollouts.RollbackAlarm.recommended(error_rate=0.02, latency_p99=cdk.Duration.millis(250)),
        gates=[
            rollouts.OfflineEvaluationGate(
                report=rollouts.EvaluationReport.from_bucket(artefacts, "pricing/v12/evaluation.json"),
                champion_report=rollouts.EvaluationReport.from_bucket(artefacts, "pricing/v11/evaluation.json"),
                checks=[
                    rollouts.EvaluationCheck.comparison(
                        metric=rollouts.MetricPlace.model_quality("regression", "rmse"),
                        direction=rollouts.Direction.LOWER_IS_BETTER,
                        absolute_margin=0.05,
                    )
                ],
            ),
            rollouts.ShadowDivergenceGate(
                maximum_rate=0.02, prediction=rollouts.PredictionField.score(tolerance=0.05)
            ),
            rollouts.ErrorRateGate(absolute_margin=0.005, maximum_rate=0.02),
            rollouts.LatencyGate(percentile=99, ceiling=cdk.Duration.millis(250)),
        ],
        approval=rollouts.Approval(
            approvers=[iam.Role.from_role_name(stack, "OnCall", "on-call")],
            when=[
                rollouts.ApprovalRule.blast_radius_above(500),
                rollouts.ApprovalRule.outside_normal(instance_types=["ml.m5.xlarge"], maximum_instance_count=8),
            ],
        ),
    )
    deployment.grant_operate(iam.Role.from_role_name(stack, "Scientists", "data-science"))


app = cdk.App()
fraud(app)
churn(app)
pricing(app)
app.synth()
