import { namedError } from './named-error';

/** What an error says. */
export const words = (error: unknown): string => (error instanceof Error ? error.message : `${error}`);

/** SageMaker models hardly any error: its words tell what a state machine can do about it. */
export function translated(error: unknown): Error {
  const text = words(error);
  if (/Cannot update in-progress endpoint|is not in .*InService|in-progress/i.test(text)) {
    return namedError('EndpointBusy', text, error);
  }
  if (/Could not find endpoint(?! configuration)/i.test(text)) return namedError('EndpointMissing', text, error);
  // CreateEndpointConfig is read back from a copy that lags: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html
  if (/Could not find endpoint configuration/i.test(text)) return namedError('EndpointBusy', text, error);
  return error instanceof Error ? error : namedError('SageMakerUnreadable', text);
}
