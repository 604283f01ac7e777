import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { expect, test } from 'vitest';
import { goesBack } from '../../../lambda/aws/stack-status';

const asked = (send: () => Promise<object>) => goesBack({ send } as unknown as CloudFormationClient)('arn:stack');

test.each([
  ['UPDATE_ROLLBACK_IN_PROGRESS', true],
  ['UPDATE_IN_PROGRESS', false],
  ['CREATE_IN_PROGRESS', false],
])('a stack that is in %s goes back: %s', async (StackStatus, back) => {
  expect(await asked(async () => ({ Stacks: [{ StackStatus }] }))).toBe(back);
});

test('a stack that cannot be read is not known to go back', async () => {
  expect(await asked(() => Promise.reject(new Error('not authorized')))).toBe(false);
  expect(await asked(async () => ({}))).toBe(false);
});
