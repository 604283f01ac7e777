import { ECRClient } from '@aws-sdk/client-ecr';
import { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { archives } from '../../../lambda/aws/archives';
import { imageRegistry, isTagged } from '../../../lambda/aws/image-registry';
import { refusal } from '../../../lambda/aws/refusal';
import { fakeTransport, type Reply } from './fake-transport';

const image = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/fraud:v7';
const registry = (reply: Reply) => {
  const { options, sent } = fakeTransport(() => reply);
  return { ...imageRegistry(new ECRClient(options)), sent };
};
const bucket = (reply: Reply) => archives(new S3Client(fakeTransport(() => reply).options));

describe('the tag of an image', () => {
  test('is asked of its own registry and repository, in the form in which it lies there', async () => {
    const { digest, sent } = registry({ json: { images: [{ imageId: { imageDigest: 'sha256:1' } }] } });
    expect(await digest(image)).toEqual({ kind: 'found', value: 'sha256:1' });
    expect(sent[0].body).toMatchObject({
      registryId: '123456789012',
      repositoryName: 'team/fraud',
      imageIds: [{ imageTag: 'v7' }],
    });
    expect(sent[0].body['acceptedMediaTypes']).toContain('application/vnd.oci.image.index.v1+json');
  });

  test.each<[string, Reply, object]>([
    ['that nobody has', { json: { images: [], failures: [{ failureCode: 'ImageNotFound' }] } }, { kind: 'missing' }],
    [
      'in a repository that is gone',
      { status: 400, json: { __type: 'RepositoryNotFoundException', message: 'gone' } },
      { kind: 'missing' },
    ],
    [
      'that the role may not read',
      { status: 400, json: { __type: 'AccessDeniedException', message: 'not authorized' } },
      { kind: 'unreadable', why: 'not authorized' },
    ],
  ])('%s is no digest', async (_, reply, found) => {
    expect(await registry(reply).digest(image)).toEqual(found);
  });

  test('fails under the name of what passes by itself', async () => {
    const reply = { status: 400, json: { __type: 'ThrottlingException', message: 'slow down' } };
    await expect(registry(reply).digest(image)).rejects.toMatchObject({ name: 'ThrottlingException' });
  });

  test('is there where an image lies in ECR and is not named by its digest', () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    expect(
      [image, image.replace(':v7', ''), image.replace(':v7', `@${digest}`), 'quay.io/fraud:v7'].map(isTagged),
    ).toEqual([true, true, false, false]);
  });
});

describe('an archive', () => {
  test.each<[string, number, object]>([
    ['that is not there', 404, { kind: 'missing' }],
    ['that the role may not read', 403, { kind: 'unreadable' }],
    ['of which S3 says no time', 200, { kind: 'unreadable' }],
  ])('%s is not taken for one', async (_, status, found) => {
    expect(await bucket({ status, text: '' }).writtenAt('s3://bucket/fraud/model.tar.gz')).toMatchObject(found);
  });

  test.each([400, 503])(
    'fails under the name of what passes by itself, where an answer of status %d has no words',
    async (status) => {
      await expect(bucket({ status, text: '' }).writtenAt('s3://bucket/key')).rejects.toMatchObject({
        name: expect.stringMatching(/^(ServiceUnavailable|.*Exception)$/),
      });
    },
  );

  test('fails with what is no error of AWS as it is', () => {
    expect(() => refusal('odd', 'NotFound')).toThrow('odd');
  });
});
