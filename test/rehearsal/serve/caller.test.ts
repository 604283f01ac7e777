import { expect, test } from 'vitest';
import { callerOf, principalOf } from '../../../rehearsal/serve/caller';

const APPROVERS = ['arn:aws:iam::222222222222:role/team/OnCall', 'arn:aws:iam::123456789012:user/people/ann'];

test.each([
  ['OnCall', 'arn:aws:iam::222222222222:role/team/OnCall'],
  ['ann', 'arn:aws:iam::123456789012:user/people/ann'],
  ['Intern', 'arn:aws:iam::123456789012:role/Intern'],
  ['team', 'arn:aws:iam::123456789012:role/team'],
])('the access key id %s is %s', (key, arn) => expect(principalOf(key, APPROVERS, '123456789012')).toBe(arn));

const header = (credential: string) =>
  `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host;x-amz-date, Signature=0a`;

test('whoever has signed is read, and for what', () => {
  const authorization = header('OnCall/20260101/eu-west-1/dynamodb/aws4_request');
  expect(callerOf({ headers: { authorization } })).toEqual({
    accessKeyId: 'OnCall',
    region: 'eu-west-1',
    service: 'dynamodb',
  });
});

test.each([
  undefined,
  '',
  'Bearer x',
  header('OnCall/20260101/eu-west-1/dynamodb'),
  header('On Call/20260101/eu-west-1/dynamodb/aws4_request'),
  header('OnCall/2026/eu-west-1/dynamodb/aws4_request'),
  header('OnCall/20260101/eu-west-1/dynamodb/aws4_request').replace('HMAC', 'NONE'),
])('fails to find anybody in %s', (authorization) => {
  expect(callerOf({ headers: authorization === undefined ? {} : { authorization } })).toBeUndefined();
});
