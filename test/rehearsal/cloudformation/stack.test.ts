import { beforeEach, describe, expect, test } from 'vitest';
import type { Stack } from '../../../rehearsal/cloudformation/stack';
import type { Template } from '../../../rehearsal/cloudformation/template';
import { type Knobs, knobSettings } from '../../../rehearsal/knobs';
import type { Startup } from '../../../rehearsal/sagemaker/fleets';
import { World } from '../../../rehearsal/world';
import { l1Template } from '../fixtures/l1-template';

let world: World;
let stack: Stack;
let startup: Startup;

function begin(knobs: Partial<Knobs> = {}) {
  startup = 'healthy';
  const where = { region: 'eu-west-1', account: '123456789012' };
  world = new World({ ...where, seed: 1, knobs: knobSettings(knobs), startup: () => startup });
  stack = world.stack({ ...where, name: 'Fraud', template: l1Template(), assets: new Map() });
}
beforeEach(() => begin());

const deploy = (template: Template) => world.clock.run(stack.deploy(template));
const events = (...names: string[]) =>
  world.log.events.filter(({ source, event }) => source === 'cloudformation' && names.includes(event));
const order = (event: string) => events(event).map(({ data }) => data['id']);
const describeEndpoint = () => world.sagemaker.describeEndpoint({ EndpointName: 'fraud' });
const served = () => describeEndpoint().EndpointConfigName;

describe('a stack is created', () => {
  test('in the order of its references', async () => {
    expect(await deploy(l1Template())).toEqual({ status: 'CREATE_COMPLETE', reason: undefined });
    const ready = order('ResourceReady');
    expect(ready.indexOf('Role')).toBeLessThan(ready.indexOf('Model'));
    expect(ready.indexOf('Model')).toBeLessThan(ready.indexOf('Config'));
    expect(ready.indexOf('Config')).toBeLessThan(ready.indexOf('Endpoint'));
    expect(ready.indexOf('Errors')).toBeLessThan(ready.indexOf('Endpoint'));
    expect(describeEndpoint()).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: stack.attribute('Config', 'EndpointConfigName'),
    });
  });

  test('and returns what the service returns', async () => {
    await deploy(l1Template());
    expect(stack.attribute('Endpoint', 'EndpointArn')).toBe('arn:aws:sagemaker:eu-west-1:123456789012:endpoint/fraud');
    expect(stack.attribute('Role', 'Arn')).toMatch(/^arn:aws:iam::123456789012:role\/Fraud-Role-/);
  });

  test('fails and leaves nothing behind when the endpoint does not start', async () => {
    startup = 'crashes';
    const { status, reason } = await deploy(l1Template());
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(reason).toContain('endpoint fraud is Failed');
    expect(() => describeEndpoint()).toThrow('Could not find endpoint');
  });

  test('fails with every type it does not know, by name', async () => {
    const further = { Queue: { Type: 'AWS::SQS::Queue' }, Cache: { Type: 'AWS::DAX::Cluster' } };
    await expect(deploy(l1Template({ further }))).rejects.toThrow(
      'a rehearsal knows no AWS::DAX::Cluster, no AWS::SQS::Queue [UnknownResourceType]',
    );
  });

  test('fails when resources refer to each other in a circle', async () => {
    const further = {
      A: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { Ref: 'B' } } },
      B: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { Ref: 'A' } } },
    };
    await expect(deploy(l1Template({ further }))).rejects.toThrow('circular dependency between resources: A -> B -> A');
  });
});

describe('a stack is updated', () => {
  test('a new model replaces model and config, updates the endpoint, and only then deletes the old ones', async () => {
    await deploy(l1Template());
    const old = served();
    world.log.events.length = 0;
    expect(await deploy(l1Template({ version: '2' }))).toEqual({ status: 'UPDATE_COMPLETE', reason: undefined });
    expect(order('ResourceCreating')).toEqual(['Model', 'Config']);
    expect(order('ResourceUpdating')).toEqual(['Endpoint']);
    expect(order('ResourceDeleting')).toEqual(['Config', 'Model']);
    expect(served()).not.toBe(old);
    const finished = world.log.events.findIndex(({ event }) => event === 'UpdateFinished');
    const deleted = world.log.events.findIndex(({ event }) => event === 'EndpointConfigDeleted');
    expect(finished).toBeLessThan(deleted);
  });

  test('nothing happens when nothing changed', async () => {
    await deploy(l1Template());
    world.log.events.length = 0;
    expect((await deploy(l1Template())).status).toBe('UPDATE_COMPLETE');
    expect(events('ResourceCreating', 'ResourceUpdating', 'ResourceDeleting')).toEqual([]);
  });

  test('what is to be retained is not deleted', async () => {
    await deploy(l1Template({ retain: true }));
    const old = served();
    await deploy(l1Template({ version: '2', retain: true }));
    expect(order('DeleteSkipped')).toEqual(['Config', 'Model']);
    expect(world.sagemaker.describeEndpointConfig({ EndpointConfigName: old }).EndpointConfigName).toBe(old);
  });

  test('a replaced resource goes by its UpdateReplacePolicy, not by its DeletionPolicy', async () => {
    const further = (DeletionPolicy: string | undefined, UpdateReplacePolicy: string | undefined, name: string) => ({
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: name }, DeletionPolicy, UpdateReplacePolicy },
    });
    await deploy(l1Template({ further: further('Retain', undefined, 'one') }));
    await deploy(l1Template({ further: further(undefined, 'Retain', 'two') }));
    await deploy(l1Template({ further: further(undefined, 'Retain', 'three') }));
    expect(events('ResourceDeleting', 'DeleteSkipped').map(({ detail }) => detail)).toEqual([
      'Bucket: one',
      'Bucket: two is retained',
    ]);
  });

  test('a resource that is no longer in the template is deleted after the update', async () => {
    await deploy(l1Template({ further: { Topic: { Type: 'AWS::SNS::Topic' } } }));
    world.log.events.length = 0;
    await deploy(l1Template());
    expect(order('ResourceDeleting')).toEqual(['Topic']);
  });

  test('a silent rollback may be reported as success, and then the config that serves is deleted', async () => {
    await deploy(l1Template());
    const old = served();
    startup = 'crashes';
    expect((await deploy(l1Template({ version: '2' }))).status).toBe('UPDATE_COMPLETE');
    expect(served()).toBe(old);
    expect(() => world.sagemaker.describeEndpointConfig({ EndpointConfigName: old })).toThrow(
      'Could not find endpoint configuration',
    );
  });

  test('a silent rollback may be reported as failure, and then the stack goes back', async () => {
    begin({ silentRollback: 'failure' });
    await deploy(l1Template());
    const old = served();
    startup = 'crashes';
    const { status, reason } = await deploy(l1Template({ version: '2' }));
    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(reason).toContain('was rolled back to');
    expect(served()).toBe(old);
    expect(order('ResourceDeleting')).toEqual(['Config', 'Model']);
    expect(world.sagemaker.describeEndpointConfig({ EndpointConfigName: old }).EndpointConfigName).toBe(old);
  });

  test('ends as UPDATE_ROLLBACK_FAILED when the way back is refused too', async () => {
    begin({ silentRollback: 'failure', updateToServedConfig: 'refused' });
    await deploy(l1Template());
    startup = 'crashes';
    const { status, reason } = await deploy(l1Template({ version: '2' }));
    expect(status).toBe('UPDATE_ROLLBACK_FAILED');
    expect(reason).toContain('uses this endpoint configuration already');
  });
});
