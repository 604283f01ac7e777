"""What snippets take for granted: the names that a reader of the documentation has met before."""

import aws_cdk as cdk
from aws_cdk import Duration, aws_cloudwatch as cloudwatch, aws_iam as iam, aws_s3 as s3
from constructs import Construct
import cdk_sagemaker_rollouts as rollouts

__all__ = [
    "Construct",
    "Duration",
    "app",
    "artefacts",
    "cdk",
    "cloudwatch",
    "hosting",
    "iam",
    "model",
    "rollouts",
    "s3",
    "self",
    "stack",
]

app = cdk.App()
stack = self = cdk.Stack(app, "Given")
artefacts = s3.Bucket.from_bucket_name(stack, "Artefacts", "my-model-artefacts")
model = rollouts.Model(
    stack,
    "Model",
    containers=[
        rollouts.ContainerDefinition(
            image=rollouts.ContainerImage.from_sagemaker("sagemaker-xgboost", "1.7-1"),
            model_data=rollouts.ModelData.from_bucket(artefacts, "fraud/v7/model.tar.gz"),
        )
    ],
)
hosting = rollouts.Hosting.instances(instance_type="ml.m5.xlarge", initial_instance_count=4)
