import type { interfaces } from 'aws-cdk-lib';
import type { Spec } from '../../decision/rollout/spec';
import type { ModelSource } from '../model/container-definition';
import { Model } from '../model/model';

/** What a launch of a model fetches, as far as it is known: of a `Model`, not of an L1 or an imported one. */
export function sourcesOf(model: interfaces.aws_sagemaker.IModelRef): readonly ModelSource[] {
  return model instanceof Model ? model._sources : [];
}

/** The same, as a part of the spec. */
export function sourcesSpec(sources: readonly ModelSource[]): Pick<Spec, 'sources'> {
  const uris = (kind: ModelSource['kind']) => sources.filter((source) => source.kind === kind).map(({ uri }) => uri);
  return sources.length === 0 ? {} : { sources: { images: uris('image'), archives: uris('archive') } };
}
