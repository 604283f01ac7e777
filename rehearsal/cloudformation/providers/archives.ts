import type { S3 } from '../../services';
import type { Properties, ResourceProvider } from '../resource-provider';

/** A model whose archives are there: whoever deploys it has uploaded them before. */
// source: model-archives
export function uploaded(models: ResourceProvider, s3: S3): ResourceProvider {
  return {
    ...models,
    async create(request, properties) {
      for (const uri of archivesOf(properties)) {
        const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
        if (bucket !== undefined && key !== undefined && !s3.has(bucket, key)) s3.put(bucket, key, uri);
      }
      return models.create(request, properties);
    },
  };
}

function archivesOf({ PrimaryContainer, Containers = [] }: Properties): string[] {
  return [PrimaryContainer, ...Containers].flatMap((container) => container?.ModelDataUrl ?? []);
}
