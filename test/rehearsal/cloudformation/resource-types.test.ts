import { expect, test } from 'vitest';
import table from '../../../rehearsal/cloudformation/resource-types.json';
// @ts-expect-error a build script without types
import { resourceTypes } from '../../../scripts/resource-types-of-spec.mjs';

test("the table of resource types is what AWS's service spec says: else run node scripts/resource-types.mjs", async () => {
  expect(table).toEqual(await resourceTypes());
});
