import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from constructs import Construct
import cdk_sagemaker_rollouts as rollouts


class FraudStack(cdk.Stack):
    """One model, and how a new version of it reaches callers."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        # Your bucket, and the key of the newest version: a new version is a new key, and nothing else.
        artefacts = s3.Bucket.from_bucket_name(self, "Artefacts", "my-model-artefacts")
        model = rollouts.Model(
            self,
            "Model",
            containers=[
                rollouts.ContainerDefinition(
                    image=rollouts.ContainerImage.from_sagemaker("sagemaker-xgboost", "1.7-1"),
                    model_data=rollouts.ModelData.from_bucket(artefacts, "fraud/v1/model.tar.gz"),
                )
            ],
        )

        rollouts.Endpoint(
            self,
            "Endpoint",
            endpoint_name="fraud",
            model=model,
            hosting=rollouts.Hosting.instances(instance_type="ml.m5.xlarge", initial_instance_count=4),
            # One instance of four gets the new version first and is watched for ten minutes.
            strategy=rollouts.CanaryStrategy(
                canary_size=rollouts.CapacitySize.instances(1),
                wait_interval=cdk.Duration.minutes(10),
                termination_wait=cdk.Duration.minutes(30),
            ),
            # What takes it back: more than 2 % of errors, or a slow 99th percentile.
            rollback_alarms=rollouts.RollbackAlarm.recommended(
                error_rate=0.02, latency_p99=cdk.Duration.millis(250)
            ),
        )
