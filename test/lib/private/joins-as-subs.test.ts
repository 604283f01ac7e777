import { App, CfnParameter, CfnResource, Fn, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { joinAsSub, joinsAsSubs } from '../../../lib/private/joins-as-subs';

/** What the template of a stack says, where a resource is given `value`. */
function said(value: (stack: Stack) => unknown): unknown {
  const stack = new Stack(new App(), 'Stack');
  new CfnResource(stack, 'It', { type: 'Test::It', properties: { Value: value(stack) } });
  return Template.fromStack(stack).toJSON().Resources.It.Properties.Value;
}

test('a text with references is one Fn::Sub', () => {
  expect(said((stack) => joinAsSub(`arn:${stack.partition}:s3:::bucket/${stack.region}/*`))).toEqual({
    'Fn::Sub': 'arn:${AWS::Partition}:s3:::bucket/${AWS::Region}/*',
  });
});

test('attributes of resources and parameters are written by their names', () => {
  expect(
    said((stack) => {
      const bucket = new CfnResource(stack, 'Bucket', { type: 'AWS::S3::Bucket' });
      const key = new CfnParameter(stack, 'Key');
      return joinAsSub(`${bucket.getAtt('Arn')}/${key.valueAsString}`);
    }),
  ).toEqual({ 'Fn::Sub': '${Bucket.Arn}/${Key}' });
});

test('what looks like a variable and is none stays as it is', () => {
  expect(said((stack) => joinAsSub(`${stack.region}/\${aws:username}`))).toEqual({
    'Fn::Sub': '${AWS::Region}/${!aws:username}',
  });
});

test('a part that no Fn::Sub can hold leaves the Fn::Join alone', () => {
  const zone = Fn.select(0, Fn.getAzs());
  expect(said(() => joinAsSub(`zone/${zone}`))).toEqual({
    'Fn::Join': ['', ['zone/', { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }]],
  });
});

test('a join with a separator stays', () => {
  expect(said((stack) => joinAsSub(Fn.join(',', [stack.region, 'b'])))).toEqual({
    'Fn::Join': [',', [{ Ref: 'AWS::Region' }, 'b']],
  });
});

test('a text without references is only itself', () => {
  expect(joinAsSub('s3://bucket/key')).toBe('s3://bucket/key');
});

test('every text of a structure is rewritten, and nothing else of it', () => {
  const structure = (stack: Stack) => ({ Statement: [{ Resource: [`${stack.region}/a`, 'b'], Count: 1, On: false }] });
  expect(said((stack) => joinsAsSubs(() => structure(stack)))).toEqual({
    Statement: [{ Resource: [{ 'Fn::Sub': '${AWS::Region}/a' }, 'b'], Count: 1, On: false }],
  });
});

test('a reference to another stack is still exported there', () => {
  const app = new App();
  const [there, here] = [new Stack(app, 'There'), new Stack(app, 'Here')];
  const bucket = new CfnResource(there, 'Bucket', { type: 'AWS::S3::Bucket' });
  const Value = joinsAsSubs(() => [`${bucket.getAtt('Arn')}/*`]);
  new CfnResource(here, 'It', { type: 'Test::It', properties: { Value } });
  const { Value: rendered } = Template.fromStack(here).toJSON().Resources.It.Properties;
  expect(JSON.stringify(rendered)).toContain('Fn::ImportValue');
  expect(Object.keys(Template.fromStack(there).toJSON().Outputs)).toHaveLength(1);
});
