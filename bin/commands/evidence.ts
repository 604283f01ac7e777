import { connect } from '../operate/connect';
import { gatherEvidence } from '../operate/evidence-bundle';
import { evidencePage } from '../operate/evidence-page';
import type { Surroundings } from '../operate/surroundings';
import { writeWhole } from './write-whole';

/** `rollouts evidence`: everything that is known of one rollout, as JSON, and as a page where a file is named. */
export async function evidence(
  endpoint: string,
  rolloutId: string | undefined,
  { html, json }: { readonly html?: string; readonly json?: boolean },
  around: Surroundings,
): Promise<number> {
  const bundle = await gatherEvidence(await connect(endpoint, around), rolloutId);
  if (html !== undefined) writeWhole(html, evidencePage(bundle));
  if (html === undefined || json === true) around.write(`${JSON.stringify(bundle, null, 2)}\n`);
  else around.write(`${endpoint}: evidence of rollout ${bundle.rolloutId} is in ${html}\n`);
  return 0;
}
