import { createHash } from 'node:crypto';
import { AwsError, type DynamoDb, type EventBridge, type Rule, type S3, type Sns, type Ssm } from '../../services';
import type { StepFunctions } from '../../states';
import { type Properties, ResourceFailure, type ResourceProvider, type ResourceRequest } from '../resource-provider';
import { arnOf, attributesOf } from './passive';

/** A provider that writes a resource anew whenever it changes, under the name it has. */
function written(
  nameProperty: string,
  write: (name: string, properties: Properties, request: ResourceRequest) => string | undefined,
  remove: (id: string) => void,
): ResourceProvider {
  const put = async (request: ResourceRequest, name: string, properties: Properties) => {
    const id = write(name, properties, request) ?? name;
    return { id, attributes: attributesOf(request, name, { ...properties, [nameProperty]: name }) };
  };
  return {
    create: (request, properties) => put(request, properties[nameProperty] ?? request.generatedName, properties),
    update: (request, properties, { attributes }) => put(request, attributes[nameProperty] ?? '', properties),
    delete: async (_request, { id }) => remove(id),
  };
}

/** `AWS::S3::Bucket`: a bucket that is deleted goes with nothing asked; CloudFormation would refuse a full one. */
// source: cloudformation-return-values
export const bucketProvider = (s3: S3): ResourceProvider =>
  written(
    'BucketName',
    (name) => {
      s3.createBucket(name);
      return undefined;
    },
    () => {},
  );

// source: cloudformation-return-values
export const tableProvider = (dynamodb: DynamoDb): ResourceProvider => ({
  async create(request, properties) {
    const name = properties['TableName'] ?? request.generatedName;
    dynamodb.createTable(name, properties);
    return { id: name, attributes: attributesOf(request, name, properties) };
  },
  // What may change in place (throughput, recovery, deletion protection) changes nothing that a rehearsal sees.
  update: async (_request, _properties, physical) => physical,
  delete: async (_request, { id }) => dynamodb.deleteTable(id),
});

// source: cloudformation-return-values
export const parameterProvider = (ssm: Ssm): ResourceProvider =>
  written(
    'Name',
    (name, { Type, Value }) => {
      ssm.put(name, Type, String(Value));
      return undefined;
    },
    (id) => ssm.remove(id),
  );

// source: cloudformation-return-values
export const topicProvider = (sns: Sns): ResourceProvider => ({
  async create(request, properties) {
    const name = properties['TopicName'] ?? request.generatedName;
    const arn = arnOf(request, name);
    sns.createTopic(arn);
    return { id: arn, attributes: { TopicArn: arn, TopicName: name } };
  },
  update: async (_request, _properties, physical) => physical,
  delete: async (_request, { id }) => sns.deleteTopic(id),
});

/** `AWS::Events::Rule` on the default bus, by pattern. */
// source: cloudformation-return-values
export function ruleProvider(events: EventBridge): ResourceProvider {
  const put = async (request: ResourceRequest, name: string, properties: Properties) => {
    const { EventPattern, ScheduleExpression, State, Targets = [] } = properties;
    if (ScheduleExpression !== undefined || EventPattern === undefined) {
      throw new Error(`rule ${request.logicalId} must have an event pattern: schedules are not rehearsed`);
    }
    events.putRule({ Name: name, EventPattern, State, Targets } as Rule);
    return { id: name, attributes: { Arn: arnOf(request, name), RuleName: name } };
  };
  return {
    create: (request, properties) => put(request, properties['Name'] ?? request.generatedName, properties),
    update: (request, properties, { id }) => put(request, id, properties),
    delete: async (_request, { id }) => events.deleteRule(id),
  };
}

/** The definition of a state machine as text, with its substitutions made. */
function definitionOf(logicalId: string, properties: Properties): string {
  const { Definition, DefinitionString, DefinitionSubstitutions = {} } = properties;
  const text = DefinitionString ?? (Definition === undefined ? undefined : JSON.stringify(Definition));
  if (text === undefined) throw new Error(`the definition of ${logicalId} must be in the template`);
  return Object.entries(DefinitionSubstitutions).reduce(
    (result, [name, value]) => result.replaceAll(`\${${name}}`, String(value)),
    String(text),
  );
}

/** `AWS::StepFunctions::StateMachine`: what runs goes on with the definition it was started with. */
// source: cloudformation-return-values
export function stateMachineProvider(states: StepFunctions): ResourceProvider {
  const attempt = <T>(act: () => T): T => {
    try {
      return act();
    } catch (error) {
      throw error instanceof AwsError ? new ResourceFailure(error.message) : error;
    }
  };
  return {
    async create(request, properties) {
      if (properties['StateMachineType'] === 'EXPRESS') {
        throw new Error(
          `state machine ${request.logicalId} must be of type STANDARD: express workflows are not rehearsed`,
        );
      }
      const name = properties['StateMachineName'] ?? request.generatedName;
      const definition = definitionOf(request.logicalId, properties);
      const input = { name, definition, roleArn: properties['RoleArn'] };
      const { stateMachineArn } = attempt(() => states.invoke('CreateStateMachine', input));
      return {
        id: stateMachineArn,
        attributes: { Arn: stateMachineArn, Name: name, StateMachineRevisionId: 'INITIAL' },
      };
    },
    async update(request, properties, physical) {
      const definition = definitionOf(request.logicalId, properties);
      const input = { stateMachineArn: physical.id, definition, roleArn: properties['RoleArn'] };
      attempt(() => states.invoke('UpdateStateMachine', input));
      return { ...physical, attributes: { ...physical.attributes, StateMachineRevisionId: revisionOf(input) } };
    },
    async delete(_request, { id }) {
      states.invoke('DeleteStateMachine', { stateMachineArn: id });
    },
  };
}

/** A revision is a definition and a role: another one whenever one of them changes. */
// source: sfn-versions
const revisionOf = (input: object): string =>
  createHash('sha256').update(JSON.stringify(input)).digest('hex').slice(0, 36);

/** `AWS::StepFunctions::StateMachineVersion`: the machine as it is when the version is made. */
// source: sfn-versions
export const stateMachineVersionProvider = (states: StepFunctions): ResourceProvider => ({
  async create(_request, { StateMachineArn: stateMachineArn }) {
    const { stateMachineVersionArn: Arn } = states.invoke('PublishStateMachineVersion', { stateMachineArn });
    return { id: Arn, attributes: { Arn } };
  },
  async update(_request, _properties, physical) {
    return physical;
  },
  async delete() {},
});
