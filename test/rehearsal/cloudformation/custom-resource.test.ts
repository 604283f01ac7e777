import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Stack } from '../../../rehearsal/cloudformation/stack';
import type { Template } from '../../../rehearsal/cloudformation/template';
import { knobSettings } from '../../../rehearsal/knobs';
import { World } from '../../../rehearsal/world';

const directory = mkdtempSync(join(tmpdir(), 'custom-resource-'));
afterAll(() => rmSync(directory, { recursive: true }));

// Prints its event, then does what the property Behave says.
writeFileSync(
  join(directory, 'index.js'),
  `const https = require('https');
   exports.handler = (event) => new Promise((resolve, reject) => {
     console.log(JSON.stringify(event));
     const behave = event.ResourceProperties.Behave;
     if (behave === 'silent') return resolve();
     if (behave === 'crash') return reject(new Error('out of luck'));
     const body = JSON.stringify({
       Status: behave === 'refuse' ? 'FAILED' : 'SUCCESS', Reason: 'because',
       PhysicalResourceId: behave === 'move' ? 'moved' : event.PhysicalResourceId ?? 'first',
       StackId: event.StackId, RequestId: event.RequestId, LogicalResourceId: event.LogicalResourceId,
       Data: { Word: behave === 'talk' ? 'x'.repeat(5000) : 'hello' },
     });
     const { hostname, pathname } = new URL(event.ResponseURL);
     https.request({ hostname, path: pathname, method: 'PUT' }, (r) => { r.resume(); r.on('end', resolve); }).end(body);
   });`,
);

let world: World;
let stack: Stack;
beforeEach(() => {
  const where = { region: 'us-east-1', account: '123456789012' };
  world = new World({ ...where, seed: 1, knobs: knobSettings(), startup: () => 'healthy' });
  world.useAssets(new Map([['code', directory]]));
  stack = world.stack({ ...where, name: 'S', template: { Resources: {} }, assets: new Map() });
});

function template(behave: string, further: object = {}): Template {
  return {
    Resources: {
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Code: { S3Bucket: 'assets', S3Key: 'code.zip' },
          Handler: 'index.handler',
          Role: 'r',
          Timeout: 10,
        },
      },
      Thing: {
        Type: 'Custom::Thing',
        Properties: {
          ServiceToken: { 'Fn::GetAtt': ['Function', 'Arn'] },
          Behave: behave,
          Count: 3,
          On: true,
          ...further,
        },
      },
      Reader: { Type: 'AWS::SSM::Parameter', Properties: { Name: 'word', Value: { 'Fn::GetAtt': 'Thing.Word' } } },
    },
  };
}

const deploy = (behave: string, further?: object) => world.clock.run(stack.deploy(template(behave, further)));
const asked = () => world.log.events.filter(({ event }) => event === 'Printed').map(({ detail }) => JSON.parse(detail));

describe('a custom resource', () => {
  test("calls its handler with CloudFormation's event, numbers and booleans as text", async () => {
    expect((await deploy('well')).status).toBe('CREATE_COMPLETE');
    expect(asked()).toMatchObject([
      {
        RequestType: 'Create',
        ResourceType: 'Custom::Thing',
        LogicalResourceId: 'Thing',
        StackId: expect.stringContaining(':stack/S/'),
        ResourceProperties: { Behave: 'well', Count: '3', On: 'true' },
      },
    ]);
    expect(stack.attribute('Reader', 'Value')).toBe('hello');
  });

  test('is updated with the old properties beside the new', async () => {
    await deploy('well');
    await deploy('well', { Count: 4 });
    expect(asked()[1]).toMatchObject({
      RequestType: 'Update',
      PhysicalResourceId: 'first',
      ResourceProperties: { Count: '4' },
      OldResourceProperties: { Count: '3' },
    });
  });

  test('that answers with another id is replaced: the old one is deleted after the update', async () => {
    await deploy('well');
    expect((await deploy('move')).status).toBe('UPDATE_COMPLETE');
    expect(asked().map(({ RequestType, PhysicalResourceId }) => [RequestType, PhysicalResourceId])).toEqual([
      ['Create', undefined],
      ['Update', 'first'],
      ['Delete', 'first'],
    ]);
  });

  test('fails its stack with the reason it gives, and is asked to go back', async () => {
    await deploy('well');
    const { status, reason } = await deploy('refuse');
    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(reason).toContain('Message returned: because');
    expect(asked().at(-1)).toMatchObject({
      RequestType: 'Update',
      ResourceProperties: { Behave: 'well' },
      OldResourceProperties: { Behave: 'refuse' },
    });
  });

  test('fails when no answer comes within its ServiceTimeout', async () => {
    const before = world.clock.now();
    const { reason } = await deploy('silent', { ServiceTimeout: 300 });
    expect(reason).toContain('did not receive a response from your custom resource');
    expect(world.clock.now() - before).toBeGreaterThanOrEqual(300_000);
  });

  test('fails when its handler crashes, after two more attempts', async () => {
    expect((await deploy('crash', { ServiceTimeout: 600 })).reason).toContain('did not receive a response');
    expect(asked().filter(({ RequestType }) => RequestType === 'Create')).toHaveLength(3);
  });

  test('fails when it answers with more than 4096 bytes', async () => {
    expect((await deploy('talk')).reason).toContain('Response object is too long.');
  });
});
