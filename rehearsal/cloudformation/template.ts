import type { Json } from '../services/service';

/** A resource as a template declares it, before anything is resolved. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, Json>>;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Parameters?: Readonly<Record<string, { readonly Type: string; readonly Default?: Json }>>;
  readonly Conditions?: Readonly<Record<string, Json>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Json>>>>>>;
  readonly Outputs?: Readonly<
    Record<string, { readonly Value: Json; readonly Export?: { readonly Name: Json }; readonly Condition?: string }>
  >;
}

/** One stack of a cloud assembly: its template, and where the code of its functions lies. */
export interface StackArtifact {
  readonly name: string;
  /** How `cdk deploy` calls it: in a stage, by the stage too. Names are alike where stages differ by account or region. */
  readonly path?: string;
  readonly template: Template;
  readonly region: string;
  readonly account: string;
  /** The folder of an asset, by the name of its object in the asset bucket without `.zip`. */
  readonly assets: ReadonlyMap<string, string>;
  /** The stacks of its app that it waits for, which may wait for others. @default - none */
  readonly needs?: readonly StackArtifact[];
}
