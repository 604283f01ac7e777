import type {
  App,
  aws_cloudwatch as cloudwatch,
  aws_ecr as ecr,
  aws_iam as iam,
  aws_s3 as s3,
  aws_sagemaker as sagemaker,
} from 'aws-cdk-lib';
import type * as rollouts from 'cdk-sagemaker-rollouts';

// What snippets take for granted: the names that a reader of the documentation has met before.
declare global {
  const app: App;
  const bucket: s3.IBucket;
  const repository: ecr.IRepository;
  const model: rollouts.Model;
  const challenger: rollouts.Model;
  const endpoint: rollouts.Endpoint;
  const hosting: rollouts.Hosting;
  const strategy: rollouts.GuardrailStrategy;
  const alarm: cloudwatch.Alarm;
  const conversions: cloudwatch.Metric;
  const caller: iam.IRole;
  const cfnModel: sagemaker.CfnModel;
}
