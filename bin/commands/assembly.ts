import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A resource of a synthesized template. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** A stack of a synthesized app. */
export interface SynthesizedStack {
  /** Its id in the app, as `cdk deploy` takes it. */
  readonly name: string;
  readonly resources: Readonly<Record<string, TemplateResource>>;
}

interface Artifact {
  readonly type: string;
  readonly displayName?: string;
  readonly properties?: { readonly templateFile?: string; readonly directoryName?: string };
}

/**
 * The stacks of a cloud assembly, those of its stages too.
 *
 * @throws Error where the folder is not what `cdk synth` writes
 */
export function readStacks(directory: string): SynthesizedStack[] {
  const { artifacts } = readJson(join(directory, 'manifest.json'), directory) as {
    readonly artifacts?: Readonly<Record<string, Artifact>>;
  };
  return Object.entries(artifacts ?? {}).flatMap(([id, { type, displayName, properties }]) => {
    if (type === 'cdk:cloud-assembly' && properties?.directoryName !== undefined) {
      return readStacks(join(directory, properties.directoryName));
    }
    if (type !== 'aws:cloudformation:stack' || properties?.templateFile === undefined) return [];
    const template = readJson(join(directory, properties.templateFile), directory) as {
      readonly Resources?: Readonly<Record<string, TemplateResource>>;
    };
    return [{ name: displayName ?? id, resources: template.Resources ?? {} }];
  });
}

/** @throws Error that says what `cdk synth` would have written */
export function readJson(file: string, directory: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const why = cause instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    throw new Error(
      `${directory} must be a folder that \`cdk synth\` has written, and ${file} ${why} [NotACloudAssembly]`,
    );
  }
}
