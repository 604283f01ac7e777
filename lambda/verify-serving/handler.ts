import { respondByHttps } from '../aws/cloudformation';
import { describeServing } from '../aws/sagemaker';
import { verifyServing } from './verify-serving';

export const handler = verifyServing({
  describe: describeServing(),
  respond: respondByHttps(),
  wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  now: Date.now,
});
