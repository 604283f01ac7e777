import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as s3 from '@aws-sdk/client-s3';
import * as sagemaker from '@aws-sdk/client-sagemaker';
import * as sfn from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import type { Json } from '../../../rehearsal/services/service';
import { exceptionName } from '../../../rehearsal/states/integration-errors';
import modelled from '../../../rehearsal/states/modelled-errors.json';

test.each<[keyof typeof modelled, Json, Json]>([
  ['cloudwatch', cloudwatch, cloudwatch.CloudWatchServiceException],
  ['dynamodb', dynamodb, dynamodb.DynamoDBServiceException],
  ['s3', s3, s3.S3ServiceException],
  ['sagemaker', sagemaker, sagemaker.SageMakerServiceException],
  ['sfn', sfn, sfn.SFNServiceException],
])('the modelled errors of %s are those of its SDK', (service, client, Base) => {
  const errors = Object.entries<Json>(client).filter(([, value]) => value?.prototype instanceof Base);
  expect(modelled[service]).toEqual([...new Set(errors.map(([name]) => exceptionName(name)))].sort());
});
