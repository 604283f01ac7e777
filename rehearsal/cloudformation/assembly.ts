import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { StackArtifact, Template } from './template';

interface Manifest {
  readonly artifacts?: Readonly<
    Record<
      string,
      {
        readonly type: string;
        readonly environment?: string;
        readonly displayName?: string;
        readonly properties?: { readonly templateFile?: string; readonly stackName?: string };
      }
    >
  >;
}

interface AssetManifest {
  readonly files?: Readonly<Record<string, { readonly source: { readonly path?: string } }>>;
}

/** Where a stack without an environment is rehearsed. */
export const SOMEWHERE = { account: '123456789012', region: 'us-east-1' };

const read = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8'));

/** The stacks of a synthesized app, in the order of its manifest. Fails when the folder is no cloud assembly. */
export function readAssembly(directory: string): StackArtifact[] {
  const file = join(directory, 'manifest.json');
  if (!existsSync(file)) {
    throw new Error(`a cloud assembly must have a manifest.json, got ${directory}: run cdk synth first [NoAssembly]`);
  }
  const artifacts = Object.entries(read<Manifest>(file).artifacts ?? {});
  return artifacts.flatMap(([id, { type, environment, properties }]) => {
    if (type !== 'aws:cloudformation:stack' || properties?.templateFile === undefined) return [];
    const [, , account, region] = environment?.split('/') ?? [];
    return [
      {
        name: properties.stackName ?? id,
        template: read<Template>(join(directory, properties.templateFile)),
        account: known(account) ?? SOMEWHERE.account,
        region: known(region) ?? SOMEWHERE.region,
        assets: readAssets(directory, id),
      },
    ];
  });
}

const known = (part: string | undefined) => (part === undefined || part.startsWith('unknown-') ? undefined : part);

function readAssets(directory: string, stack: string): Map<string, string> {
  const file = join(directory, `${stack}.assets.json`);
  const files = existsSync(file) ? read<AssetManifest>(file).files : undefined;
  const folders = Object.entries(files ?? {}).flatMap(([hash, { source }]): [string, string][] =>
    source.path === undefined ? [] : [[hash, resolve(directory, source.path)]],
  );
  return new Map(folders);
}
