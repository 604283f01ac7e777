import { archiveProblem, imageProblem, type LiveVariant, type Spec } from '../../decision';
import type { ChampionRollout } from '../aws/champion-rollout';
import { isTagged } from '../aws/image-registry';
import type { PreflightPorts } from './ports';

/** Whose sources are compared. */
export interface SourcesRequest {
  /** The rollout that brought what serves now. @default - it was taken over */
  readonly champion: ChampionRollout | undefined;
  /** The variant that serves. */
  readonly home: LiveVariant;
  /** The new version. */
  readonly spec: Spec;
}

/**
 * Everything that a launch would fetch otherwise than it serves now, or not at all. An update launches the serving version
 * too: a moved tag or an archive that was overwritten would change it, and nobody would see it.
 */
export async function sourceProblems(
  ports: Pick<PreflightPorts, 'imageDigest' | 'writtenAt'>,
  { champion, home, spec }: SourcesRequest,
): Promise<string[]> {
  const served = champion?.spec.sources;
  const tagged = (images: readonly string[] = []) => images.filter(isTagged);
  const found = await Promise.all([
    ...tagged(served?.images).map(async (image) =>
      imageProblem({ image, live: liveDigest(home, image), fetched: await ports.imageDigest(image) }),
    ),
    ...(served?.archives ?? []).map(async (uri) =>
      archiveProblem({ uri, launchedAt: champion?.startedAt, fetched: await ports.writtenAt(uri) }),
    ),
    ...tagged(spec.sources?.images).map(async (image) =>
      imageProblem({ image, live: undefined, fetched: await ports.imageDigest(image) }),
    ),
    ...(spec.sources?.archives ?? []).map(async (uri) =>
      archiveProblem({ uri, launchedAt: undefined, fetched: await ports.writtenAt(uri) }),
    ),
  ]);
  return [...new Set(found.filter((problem) => problem !== undefined))];
}

function liveDigest({ images = [] }: LiveVariant, image: string): string | null {
  return images.find(({ specified }) => specified === image)?.resolved.split('@')[1] ?? null;
}
