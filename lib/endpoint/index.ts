export type { DataCapture } from './data-capture';
export { Endpoint, type EndpointProps } from './endpoint';
export { EndpointBase } from './endpoint-base';
export type { EndpointAttributes } from './imported-endpoint';
export type { ShadowVariant } from './shadow';
