import { autoScaling } from '../aws/auto-scaling';
import { endpointControl } from '../aws/endpoint-control';
import { rolloutRecord } from '../aws/rollout-record';
import { applyTransition } from './apply-transition';

/** One step of an endpoint towards what a rollout wants of it. */
export const handler = applyTransition({
  endpoints: endpointControl(),
  record: rolloutRecord(),
  scaling: autoScaling(),
  now: Date.now,
});
