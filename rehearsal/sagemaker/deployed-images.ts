import type { Clock } from '../time/clock';
import type { DeployedImage, EndpointConfig } from './endpoint';

/** What is read of a model: the images of its containers. */
export interface ModelDefinition {
  readonly PrimaryContainer?: { readonly Image?: string };
  readonly Containers?: readonly { readonly Image?: string }[];
}

/** How images are found. */
export interface ImageResolution {
  readonly clock: Clock;
  /** What the tag of an image means when instances are launched. @default - every image stays as it is named */
  readonly resolveImage?: (image: string) => string;
}

/** The images of each production variant as they are when it is launched. */
// source: deployed-images
export function deployedImages(
  { ProductionVariants }: EndpointConfig,
  models: ReadonlyMap<string, ModelDefinition>,
  { clock, resolveImage = (image) => image }: ImageResolution,
): DeployedImage[][] {
  const ResolutionTime = clock.now() / 1000;
  return ProductionVariants.map(({ ModelName }) => {
    const { PrimaryContainer, Containers = [] } = models.get(ModelName) ?? {};
    const images = [PrimaryContainer, ...Containers].flatMap((container) => container?.Image ?? []);
    return images.map((image) => ({ SpecifiedImage: image, ResolvedImage: resolveImage(image), ResolutionTime }));
  });
}
