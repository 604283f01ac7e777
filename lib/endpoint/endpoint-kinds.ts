import { addWrongKinds } from '../private/kinds';
import { Problems } from '../private/problems';
import type { Endpoint, EndpointProps } from './endpoint';

const CHALLENGER = { model: 'IModelRef', hosting: 'Hosting?' } as const;
const CAPTURE = {
  bucket: 'IBucket',
  prefix: 'text?',
  csvContentTypes: 'text[]?',
  jsonContentTypes: 'text[]?',
  encryptionKey: 'IKey?',
} as const;

/** What is not of its kind cannot be looked at any closer, here and in the structures inside. */
export function requireEndpointKinds(endpoint: Endpoint, props: EndpointProps): void {
  const problems = new Problems('Endpoint');
  addWrongKinds(problems, '', props, {
    model: 'IModelRef',
    hosting: 'Hosting',
    strategy: 'GuardrailStrategy',
    endpointName: 'text?',
    rollbackAlarms: 'RollbackAlarm[]?',
    encryptionKey: 'IKey?',
    tags: 'structure?',
  });
  const { shadow, dataCapture } = props ?? {};
  if (shadow !== undefined) addWrongKinds(problems, 'shadow.', shadow, CHALLENGER);
  if (dataCapture !== undefined) addWrongKinds(problems, 'dataCapture.', dataCapture, CAPTURE);
  problems.throwIfAny(endpoint);
}
