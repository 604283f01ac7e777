export { S3, type StoredObject } from './s3';
export { s3Wire } from './s3-wire';
