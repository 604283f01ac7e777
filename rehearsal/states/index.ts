export { checkLanguage } from './check-language';
export type { Definition } from './definition';
export type { Execution, ExecutionStatus } from './execution';
export { executionStatusEvent } from './execution-view';
export { type HistoryEvent, MAXIMUM_EVENTS, MAXIMUM_PAYLOAD_BYTES } from './history';
export type { ApiCall } from './integrations';
export { StepFunctions, type StepFunctionsProps } from './step-functions';
