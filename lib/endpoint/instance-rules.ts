import { Token } from 'aws-cdk-lib';
import type { Problems } from '../private/problems';

/**
 * Families with a local disk that their own hardware encrypts: generations with a `d`, and the larger GPU and training
 * ones. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html#sagemaker-CreateEndpointConfig-request-KmsKeyId
 */
const LOCAL_STORAGE = /^ml\.(?:[a-z]+\d+[a-z]*d[a-z]*|g5|g6e?|gr6|p4d|p4de|p5|p5e|p5en|trn1n?|trn2)\./;

/** What SageMaker does with some instance types, and does not say at deployment. */
export function requireInstanceTypes(problems: Problems, instanceType: string | undefined, encrypted: boolean): void {
  if (instanceType === undefined || Token.isUnresolved(instanceType)) return;
  problems.require(
    !instanceType.startsWith('ml.inf1.'),
    'GuardrailsUnavailable',
    // https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html
    () =>
      `instanceType must be one that deployment guardrails support: SageMaker moves ${instanceType} at once and watches no alarm, use ml.inf2 or another family`,
  );
  problems.require(
    !(encrypted && LOCAL_STORAGE.test(instanceType)),
    'KeyWithLocalStorage',
    () =>
      `encryptionKey must be left out with ${instanceType}: its local disk is encrypted by its own hardware, and SageMaker refuses a key`,
  );
}
