import { AwsError } from '../services/aws-error';

// source: sagemaker-errors
/** The unmodelled errors of SageMaker's control plane, with the beginnings that callers match on. */
export const sagemakerErrors = {
  inProgress: (arn: string) => invalid(`Cannot update in-progress endpoint "${arn}".`),
  noEndpoint: (arn: string) => invalid(`Could not find endpoint "${arn}".`),
  noConfig: (arn: string) => invalid(`Could not find endpoint configuration "${arn}".`),
  noModel: (arn: string) => invalid(`Could not find model "${arn}".`),
  endpointExists: (arn: string) => invalid(`Cannot create already existing endpoint "${arn}".`),
  configExists: (arn: string) => invalid(`Cannot create already existing endpoint configuration "${arn}".`),
  modelExists: (arn: string) => invalid(`Cannot create already existing model "${arn}".`),
  invalid,
};

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
