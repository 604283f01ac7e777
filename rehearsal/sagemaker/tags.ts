/** A tag as SageMaker's API has it. */
export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** Tags of resources, by ARN. */
export class ResourceTags {
  private readonly byArn = new Map<string, Map<string, string>>();

  // source: sagemaker-tags
  public add(arn: string, tags: readonly Tag[]): void {
    const own = this.byArn.get(arn) ?? new Map<string, string>();
    this.byArn.set(arn, own);
    for (const { Key, Value } of tags) own.set(Key, Value);
  }

  // source: sagemaker-tags
  public of(arn: string): readonly Tag[] {
    return [...(this.byArn.get(arn) ?? [])].map(([Key, Value]) => ({ Key, Value }));
  }

  public forget(arn: string): void {
    this.byArn.delete(arn);
  }
}
