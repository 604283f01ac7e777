import { expect, test } from 'vitest';
import { FurtherServices } from '../../rehearsal/further-services';
import { knobSettings } from '../../rehearsal/knobs';
import { World } from '../../rehearsal/world';
import { l1Template } from './fixtures/l1-template';

const where = { region: 'us-east-1', account: '123456789012', seed: 1 };

test("an endpoint's events reach the rules of the bus", async () => {
  const world = new World({ ...where, knobs: knobSettings(), startup: () => 'healthy' });
  const { events, sns } = new FurtherServices(world, where);
  const further = {
    Topic: { Type: 'AWS::SNS::Topic' },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: { source: ['aws.sagemaker'], detail: { EndpointStatus: ['IN_SERVICE'] } },
        Targets: [{ Id: 'topic', Arn: { Ref: 'Topic' } }],
      },
    },
  };
  const stack = world.stack({ ...where, name: 'Fraud', template: { Resources: {} }, assets: new Map() });
  const story = async () => {
    const { status } = await stack.deploy(l1Template({ further }));
    await world.clock.sleep(5000);
    return status;
  };
  expect(await world.clock.run(story())).toBe('CREATE_COMPLETE');
  const told = events.events.filter(({ source }) => source === 'aws.sagemaker');
  expect(told.map(({ detail }) => detail.EndpointStatus)).toEqual(['CREATING', 'IN_SERVICE']);
  expect(sns.published.map(({ message }) => JSON.parse(message).detail.EndpointName)).toEqual(['fraud']);
});
