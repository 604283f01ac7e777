export * from './application-auto-scaling';
export { AwsError } from './aws-error';
export * from './dynamodb';
export * from './eventbridge';
export { type Fault, type FaultKind, Faults } from './faults';
export * from './lambda';
export * from './s3';
export type { AwsService, Json } from './service';
export * from './sns';
