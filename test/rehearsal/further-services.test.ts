import { describe, expect, test } from 'vitest';
import type { Template } from '../../rehearsal/cloudformation/template';
import { FurtherServices, type FurtherServicesOptions } from '../../rehearsal/further-services';
import { knobSettings } from '../../rehearsal/knobs';
import { Faults, type Json } from '../../rehearsal/services';
import { EPOCH } from '../../rehearsal/time/clock';
import { World } from '../../rehearsal/world';

const where = { region: 'eu-west-1', account: '123456789012' };
const role = (service: string, statements: Json) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: `${service}.amazonaws.com` } }],
    },
    Policies: [{ PolicyName: 'all', PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
  },
});
const allow = (Action: string, Resource: Json) => ({ Effect: 'Allow', Action, Resource });
const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

/** An alarm event starts a machine that takes a lock in a table once, and tells a topic who took it. */
function template({ machineMay = true, definition = {} as Json } = {}): Template {
  const Seize = {
    Type: 'Task',
    Resource: 'arn:aws:states:::dynamodb:updateItem',
    Parameters: {
      TableName: '${Table}',
      Key: { pk: { S: 'LOCK' } },
      UpdateExpression: 'SET holder = :me',
      ConditionExpression: 'attribute_not_exists(holder)',
      ExpressionAttributeValues: { ':me': { 'S.$': '$.alarm' } },
    },
    ResultPath: null,
    Retry: [{ ErrorEquals: ['DynamoDB.AmazonDynamoDBException', 'DynamoDB.ThrottlingException'], MaxAttempts: 2 }],
    Catch: [{ ErrorEquals: ['DynamoDB.ConditionalCheckFailedException'], Next: 'Loser', ResultPath: null }],
    Next: 'Tell',
  };
  const Tell = {
    Type: 'Task',
    Resource: 'arn:aws:states:::sns:publish',
    Parameters: { TopicArn: '${Topic}', 'Message.$': '$' },
    End: true,
  };
  const machine = { StartAt: 'Seize', States: { Seize, Tell, Loser: { Type: 'Succeed' } }, ...definition };
  return {
    Resources: {
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        },
      },
      Topic: { Type: 'AWS::SNS::Topic', Properties: {} },
      Files: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'files' } },
      MachineRole: role('states', [
        allow('sns:Publish', { Ref: 'Topic' }),
        ...(machineMay ? [allow('dynamodb:UpdateItem', arn('Table'))] : []),
      ]),
      Machine: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: {
          RoleArn: arn('MachineRole'),
          DefinitionString: JSON.stringify(machine),
          DefinitionSubstitutions: { Table: { Ref: 'Table' }, Topic: { Ref: 'Topic' } },
        },
      },
      RuleRole: role('events', [allow('states:StartExecution', { Ref: 'Machine' })]),
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          EventPattern: { source: ['aws.cloudwatch'], detail: { state: { value: ['ALARM'] } } },
          Targets: [
            {
              Id: 'machine',
              Arn: { Ref: 'Machine' },
              RoleArn: arn('RuleRole'),
              InputTransformer: { InputPathsMap: { name: '$.detail.alarmName' }, InputTemplate: '{"alarm": <name>}' },
            },
          ],
        },
      },
      Alarm: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          AlarmName: 'errors',
          Namespace: 'N',
          MetricName: 'M',
          Statistic: 'Sum',
          Period: 60,
          EvaluationPeriods: 1,
          Threshold: 1,
          ComparisonOperator: 'LessThanThreshold',
          TreatMissingData: 'breaching',
        },
      },
    },
  };
}

async function practice(given: Template = template(), options: Partial<FurtherServicesOptions> = {}) {
  const world = new World({ ...where, seed: 1, knobs: knobSettings(), startup: () => 'healthy' });
  const further = new FurtherServices(world, { ...where, seed: 1, ...options });
  const stack = world.stack({ ...where, name: 'Engine', template: given, assets: new Map() });
  const result = await world.clock.run(stack.deploy(given));
  const live = (minutes: number) => world.clock.run(world.clock.sleep(minutes * 60_000));
  const holders = () => further.dynamodb.table(stack.attribute('Table', 'Arn')).all.map((item: Json) => item.holder.S);
  return { world, further, stack, result, live, holders };
}

describe('a template of the engine', () => {
  test('an alarm starts the machine, which takes the lock and tells the topic', async () => {
    const { result, live, further, holders } = await practice();
    expect(result).toEqual({ status: 'CREATE_COMPLETE', reason: undefined });
    await live(10);
    expect(further.states.started.map(({ status, props }) => [status, props.input])).toEqual([
      ['SUCCEEDED', { alarm: 'errors' }],
    ]);
    expect(holders()).toEqual(['errors']);
    expect(further.sns.published.map(({ message }) => message)).toEqual(['{"alarm":"errors"}']);
    expect(further.sns.published[0].at).toBeGreaterThan(EPOCH);
  });
  test('an event that comes twice takes the lock once', async () => {
    const { live, further, holders } = await practice(template(), { delivery: { times: 2, outOfOrder: true } });
    await live(10);
    expect(further.states.started.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    expect([holders(), further.sns.published.length]).toEqual([['errors'], 1]);
  });
  test('an event that never comes starts nothing', async () => {
    const { live, further } = await practice(template(), { delivery: { times: 0, outOfOrder: false } });
    await live(10);
    expect(further.events.events.map((event) => event['detail-type'])).toEqual(['CloudWatch Alarm State Change']);
    expect(further.states.started).toEqual([]);
  });
  test('a role that may not write fails the execution in the words of IAM', async () => {
    const { live, further } = await practice(template({ machineMay: false }));
    await live(10);
    const [execution] = further.states.started;
    expect([execution.status, execution.error]).toEqual(['FAILED', 'DynamoDB.AmazonDynamoDBException']);
    expect(execution.cause).toContain(
      'is not authorized to perform: dynamodb:UpdateItem on resource: arn:aws:dynamodb:',
    );
    const ended = further.events.events.filter(({ detail }) => detail.status === 'FAILED');
    expect(ended.map(({ source }) => source)).toEqual(['aws.states']);
  });
  test('a throttled write is tried again, a lost reply makes a loser of its own winner', async () => {
    const api = 'dynamodb:UpdateItem';
    const throttled = new Faults([{ api, call: 1, times: 2, kind: 'throttled' }]);
    const first = await practice(template(), { faults: throttled });
    await first.live(10);
    expect([first.holders(), throttled.unmet, first.further.sns.published.length]).toEqual([['errors'], [], 1]);
    const lost = await practice(template(), { faults: new Faults([{ api, call: 1, kind: 'replyLost' }]) });
    await lost.live(10);
    expect([lost.holders(), lost.further.sns.published.length]).toEqual([['errors'], 0]);
  });
});

describe('a stack', () => {
  test('fails with what Step Functions says of a bad definition', async () => {
    const { result } = await practice(template({ definition: { StartAt: 'Nowhere' } }));
    expect(result.status).toBe('ROLLBACK_COMPLETE');
    expect(result.reason).toContain('there is no state "Nowhere" to go to');
  });
  test('changes a machine in place, and takes everything away that leaves the template', async () => {
    const { world, stack, further, live } = await practice();
    const machine = stack.attribute('Machine', 'Arn');
    const changed = template({ definition: { StartAt: 'Loser', States: { Loser: { Type: 'Succeed' } } } });
    await world.clock.run(stack.deploy(changed));
    expect(stack.attribute('Machine', 'Arn')).toBe(machine);
    const { definition } = further.states.invoke('DescribeStateMachine', { stateMachineArn: machine });
    expect(JSON.parse(definition).StartAt).toBe('Loser');
    const { Rule: _, ...rest } = changed.Resources;
    await world.clock.run(stack.deploy({ Resources: rest }));
    further.events.publish({ source: 'aws.cloudwatch', 'detail-type': 'x', detail: { state: { value: 'ALARM' } } });
    const before = further.states.started.length;
    await live(5);
    expect(further.states.started.length).toBe(before);
  });
  test('a schedule is refused by name', async () => {
    const given = template();
    const Rule = { Type: 'AWS::Events::Rule', Properties: { ScheduleExpression: 'rate(1 minute)' } };
    await expect(practice({ Resources: { ...given.Resources, Rule } })).rejects.toThrow('schedules are not rehearsed');
  });
});
