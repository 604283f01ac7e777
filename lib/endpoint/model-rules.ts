import { Annotations, CfnDeletionPolicy, type interfaces, aws_sagemaker as sagemaker } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** A model that CloudFormation deletes is a rollback that fails. */
export function warnOfLostModel(scope: Construct, model: interfaces.aws_sagemaker.IModelRef): void {
  if (!sagemaker.CfnModel.isCfnModel(model)) return;
  const { deletionPolicy, updateReplacePolicy } = model.cfnOptions;
  if (deletionPolicy === CfnDeletionPolicy.RETAIN && updateReplacePolicy === CfnDeletionPolicy.RETAIN) return;
  Annotations.of(scope).addWarningV2(
    'cdk-sagemaker-rollouts:modelNotRetained',
    `model ${model.node.path} is deleted when it is replaced, and a rollback needs it: call applyRemovalPolicy(RemovalPolicy.RETAIN)`,
  );
}
