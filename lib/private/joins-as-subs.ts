import { type IPostProcessor, type IResolvable, type IResolveContext, Token } from 'aws-cdk-lib';

/**
 * What `produce` answers at each rendering, its texts as `Fn::Sub` where aws-cdk writes `Fn::Join`: a third shorter in a template,
 * and an ARN reads like one.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
 */
export function joinsAsSubs(produce: () => unknown): IResolvable {
  return new JoinsAsSubs(produce);
}

/** The same for one text. */
export function joinAsSub(text: string): string {
  return Token.isUnresolved(text) ? Token.asString(new JoinsAsSubs(() => text)) : text;
}

class JoinsAsSubs implements IResolvable, IPostProcessor {
  public readonly creationStack: string[] = [];

  constructor(private readonly produce: () => unknown) {}

  public resolve(context: IResolveContext): unknown {
    // While references are gathered nobody looks at the texts.
    if (!context.preparing) context.registerPostProcessor(this);
    return this.produce();
  }

  public postProcess(resolved: unknown): unknown {
    return rewrite(resolved);
  }
}

/** In its place: what was resolved belongs to nobody yet. */
function rewrite(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const join = (value as Record<string, unknown>)['Fn::Join'];
  const text = join === undefined ? undefined : subOf(join as [separator: unknown, parts: unknown]);
  if (text !== undefined) return { 'Fn::Sub': text };
  const inner = value as Record<string, unknown>;
  for (const key of Object.keys(inner)) inner[key] = rewrite(inner[key]);
  return value;
}

/** Undefined where a part is more than a text, a reference or an attribute. */
function subOf([separator, parts]: readonly [separator: unknown, parts: unknown]): string | undefined {
  if (separator !== '' || !Array.isArray(parts)) return undefined;
  const texts = parts.map((part) => {
    if (typeof part === 'string') return part.replaceAll('${', '${!');
    const { Ref: name, 'Fn::GetAtt': attribute } = part as { readonly Ref?: string; readonly 'Fn::GetAtt'?: unknown };
    if (name !== undefined) return `\${${name}}`;
    return Array.isArray(attribute) && attribute.every((word) => typeof word === 'string')
      ? `\${${attribute.join('.')}}`
      : undefined;
  });
  return texts.includes(undefined) ? undefined : texts.join('');
}
