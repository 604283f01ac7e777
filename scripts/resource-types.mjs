// Writes what the rehearsal must know of each resource type: which properties replace it, and what it returns. Taken
// from AWS's own service spec, which is too large to load in a rehearsal; a test compares the two.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { resourceTypes } from './resource-types-of-spec.mjs';

const file = fileURLToPath(new URL('../rehearsal/cloudformation/resource-types.json', import.meta.url));
writeFileSync(file, `${JSON.stringify(await resourceTypes(), null, 2)}\n`);
