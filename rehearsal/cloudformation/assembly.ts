import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { StackArtifact, Template } from './template';

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly displayName?: string;
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    /** Where the assembly of a stage lies. */
    readonly directoryName?: string;
  };
  readonly dependencies?: readonly string[];
}

interface Manifest {
  readonly artifacts?: Readonly<Record<string, Artifact>>;
}

interface AssetManifest {
  readonly files?: Readonly<Record<string, { readonly source: { readonly path?: string } }>>;
}

/** Where a stack without an environment is rehearsed. */
export const SOMEWHERE = { account: '123456789012', region: 'us-east-1' };

const read = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8'));

/** The stacks of a synthesized app and of its stages, in the order of its manifests. Fails when the folder is no cloud assembly. */
export function readAssembly(directory: string): StackArtifact[] {
  const file = join(directory, 'manifest.json');
  if (!existsSync(file)) {
    throw new Error(`a cloud assembly must have a manifest.json, got ${directory}: run cdk synth first [NoAssembly]`);
  }
  const artifacts = read<Manifest>(file).artifacts ?? {};
  const made = new Map<string, StackArtifact>();
  const stackOf = (id: string): StackArtifact[] => {
    const { type, environment, displayName, properties, dependencies = [] } = artifacts[id] ?? {};
    if (type !== 'aws:cloudformation:stack' || properties?.templateFile === undefined) return [];
    const known = made.get(id);
    if (known !== undefined) return [known];
    const [, , account, region] = environment?.split('/') ?? [];
    const stack = {
      name: properties.stackName ?? id,
      path: displayName ?? id,
      template: read<Template>(join(directory, properties.templateFile)),
      account: said(account) ?? SOMEWHERE.account,
      region: said(region) ?? SOMEWHERE.region,
      assets: readAssets(directory, id),
      needs: dependencies.flatMap(stackOf),
    };
    made.set(id, stack);
    return [stack];
  };
  return Object.entries(artifacts).flatMap(([id, { type, properties }]) =>
    type === 'cdk:cloud-assembly' && properties?.directoryName !== undefined
      ? readAssembly(join(directory, properties.directoryName))
      : stackOf(id),
  );
}

const said = (part: string | undefined) => (part === undefined || part.startsWith('unknown-') ? undefined : part);

function readAssets(directory: string, stack: string): Map<string, string> {
  const file = join(directory, `${stack}.assets.json`);
  const files = existsSync(file) ? read<AssetManifest>(file).files : undefined;
  const folders = Object.entries(files ?? {}).flatMap(([hash, { source }]): [string, string][] =>
    source.path === undefined ? [] : [[hash, resolve(directory, source.path)]],
  );
  return new Map(folders);
}
