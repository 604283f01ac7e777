import { join } from 'node:path';
import { readJson, readStacks } from './assembly';
import { type InstanceNeed, instanceNeeds } from './instance-needs';

/** What a synthesized app wants of the machine and the account that deploy it. */
export interface AssemblyNeeds {
  /** Version of the format that it is written in. */
  readonly schema: number;
  /** Stacks with an image that Docker must build. */
  readonly images: readonly string[];
  /** The parameter that tells the version of CDK's bootstrap stack, and the least version. */
  readonly bootstrap?: { readonly parameter: string; readonly version: number };
  readonly instances: readonly InstanceNeed[];
}

interface Manifest {
  readonly version: string;
  readonly artifacts?: Readonly<Record<string, Artifact>>;
}
interface Artifact {
  readonly type: string;
  readonly properties?: {
    readonly file?: string;
    readonly requiresBootstrapStackVersion?: number;
    readonly bootstrapStackVersionSsmParameter?: string;
    readonly directoryName?: string;
  };
}

/**
 * Reads the needs of an assembly, those of its stages too.
 *
 * @throws Error where the folder is not what `cdk synth` writes
 */
export function readNeeds(directory: string): AssemblyNeeds {
  const { version, artifacts = {} } = readJson(join(directory, 'manifest.json'), directory) as Manifest;
  const all = Object.entries(artifacts);
  const nested = all.flatMap(([, { type, properties }]) =>
    type === 'cdk:cloud-assembly' && properties?.directoryName !== undefined
      ? [readNeeds(join(directory, properties.directoryName))]
      : [],
  );
  const images = all.flatMap(([id, { type, properties }]) => {
    if (type !== 'cdk:asset-manifest' || properties?.file === undefined) return [];
    const assets = readJson(join(directory, properties.file), directory) as { readonly dockerImages?: object };
    return Object.keys(assets.dockerImages ?? {}).length > 0 ? [id.replace(/\.assets$/, '')] : [];
  });
  const bootstraps = all.flatMap(([, { properties = {} }]) => {
    const { requiresBootstrapStackVersion: least, bootstrapStackVersionSsmParameter: parameter } = properties;
    return parameter === undefined || least === undefined ? [] : [{ parameter, version: least }];
  });
  const wanted = [...bootstraps, ...nested.flatMap(({ bootstrap }) => bootstrap ?? [])];
  return {
    schema: Number.parseInt(version, 10),
    images: [...images, ...nested.flatMap((stage) => stage.images)],
    bootstrap: wanted.sort((a, b) => b.version - a.version)[0],
    instances: readStacks(directory).flatMap(instanceNeeds),
  };
}
