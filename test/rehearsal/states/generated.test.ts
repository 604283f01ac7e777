import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { expect, test } from 'vitest';
import type { Json } from '../../../rehearsal/services/service';
import { checkLanguage } from '../../../rehearsal/states';
import { EPOCH } from '../../../rehearsal/time/clock';
import { account, types } from './machine';

/** A machine as aws-cdk writes it, with an API call, functions, a loop, a Map, a Parallel and a topic. */
function generated(stack: Stack): sfn.IChainable {
  const judge = lambda.Function.fromFunctionArn(stack, 'F', 'arn:aws:lambda:eu-west-1:123456789012:function:judge');
  const topic = sns.Topic.fromTopicArn(stack, 'T', 'arn:aws:sns:eu-west-1:123456789012:told');
  const describe = new tasks.CallAwsService(stack, 'Describe', {
    service: 'sagemaker',
    action: 'describeEndpoint',
    parameters: { EndpointName: sfn.JsonPath.stringAt('$.endpoint') },
    iamResources: ['arn:aws:sagemaker:eu-west-1:123456789012:endpoint/fraud'],
    resultSelector: { 'status.$': '$.EndpointStatus' },
    resultPath: '$.seen',
  });
  describe.addRetry({
    errors: ['SageMaker.SageMakerException'],
    interval: Duration.seconds(2),
    maxAttempts: 2,
    jitterStrategy: sfn.JitterType.NONE,
  });
  const rejected = new sfn.Fail(stack, 'Rejected', { error: 'Rejected', causePath: '$.why.Cause' });
  describe.addCatch(rejected, { resultPath: '$.why' });
  const pause = new sfn.Wait(stack, 'Pause', { time: sfn.WaitTime.duration(Duration.minutes(1)) });
  const gates = new sfn.Map(stack, 'Gates', {
    itemsPath: '$.gates',
    itemSelector: { 'gate.$': '$$.Map.Item.Value' },
    resultPath: '$.verdicts',
  });
  gates.itemProcessor(new tasks.LambdaInvoke(stack, 'Judge', { lambdaFunction: judge, outputPath: '$.Payload' }));
  const both = new sfn.Parallel(stack, 'Both', { resultPath: sfn.JsonPath.DISCARD })
    .branch(new sfn.Pass(stack, 'Quiet'))
    .branch(new tasks.SnsPublish(stack, 'Tell', { topic, message: sfn.TaskInput.fromJsonPathAt('$.endpoint') }));
  const approval = new tasks.LambdaInvoke(stack, 'Ask', {
    lambdaFunction: judge,
    integrationPattern: sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN,
    payload: sfn.TaskInput.fromObject({ token: sfn.JsonPath.taskToken }),
    taskTimeout: sfn.Timeout.duration(Duration.hours(12)),
    resultPath: '$.approval',
  });
  const settled = new sfn.Choice(stack, 'Settled')
    .when(sfn.Condition.stringEquals('$.seen.status', 'Updating'), pause.next(describe))
    .when(
      sfn.Condition.stringEquals('$.seen.status', 'InService'),
      gates.next(both).next(approval).next(new sfn.Succeed(stack, 'Done')),
    )
    .otherwise(rejected);
  return describe.next(settled);
}

function definition(): Json {
  const stack = new Stack(new App(), 'S', { env: { account: '123456789012', region: 'eu-west-1' } });
  new sfn.StateMachine(stack, 'M', { definitionBody: sfn.DefinitionBody.fromChainable(generated(stack)) });
  const [machine] = Object.values(Template.fromStack(stack).findResources('AWS::StepFunctions::StateMachine'));
  const text = machine.Properties.DefinitionString;
  const parts: Json[] = typeof text === 'string' ? [text] : text['Fn::Join'][1];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'aws')).join(''));
}

test('a machine as aws-cdk writes it is of the subset, and runs', async () => {
  const machine = definition();
  expect(checkLanguage(machine)).toEqual([]);
  const replies = ['Updating', 'Updating', 'InService'];
  const world = account({
    'sagemaker:DescribeEndpoint': () => ({ EndpointStatus: replies.shift() }),
    'lambda:Invoke': ({ Payload }) => ({
      StatusCode: 200,
      Payload: Payload.token === undefined ? { pass: Payload.gate } : null,
    }),
    'sns:Publish': ({ Message }) => ({ MessageId: Message }),
  });
  const execution = world.start(machine, { endpoint: 'fraud', gates: ['errors', 'latency'] });
  world.clock.after(600_000, () => {
    world.sfn.invoke('SendTaskSuccess', { taskToken: world.sfn.tokens.waiting[0], output: '"yes"' });
  });
  const done = await world.settle(execution);
  expect([done.status, done.error, done.cause]).toEqual(['SUCCEEDED', undefined, undefined]);
  expect(done.output).toMatchObject({ verdicts: [{ pass: 'errors' }, { pass: 'latency' }], approval: 'yes' });
  expect(done.stoppedAt).toBe(EPOCH + 600_000);
  expect(types(done).filter((type) => type === 'WaitStateEntered').length).toBe(2);
});

test('and its catchers catch', async () => {
  const world = account();
  const done = await world.run(definition(), { endpoint: 'fraud', gates: [] });
  expect([done.error, done.cause]).toEqual(['Rejected', expect.stringContaining('no such double')]);
  expect(done.stoppedAt).toBe(EPOCH + 6000);
});
