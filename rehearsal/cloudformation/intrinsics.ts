import type { Json } from '../services/service';
import type { Template } from './template';

/** What `Ref` and `Fn::GetAtt` of a resource give. */
export interface ResourceValues {
  ref(logicalId: string): Json;
  attribute(logicalId: string, name: string): Json;
  /** What another stack exports under a name. */
  exported(name: string): Json;
}

const NO_VALUE = Symbol('AWS::NoValue');

type Functions = Readonly<Record<string, (argument: Json) => Json>>;

/** Resolves the intrinsic functions of one template; refuses by name what it does not know. */
// source: cloudformation-intrinsics
export class Intrinsics {
  private readonly functions: Functions;

  constructor(
    private readonly template: Template,
    private readonly pseudo: Readonly<Record<string, Json>>,
    private readonly resources: ResourceValues,
  ) {
    const each = (values: readonly Json[]) => values.map((value) => this.resolve(value));
    this.functions = {
      Ref: (name: string) => this.ref(name),
      'Fn::GetAtt': (argument: string | readonly string[]) => this.getAtt(argument),
      'Fn::Join': ([separator, parts]: [string, Json]) => this.resolve(parts).join(separator),
      'Fn::Sub': (argument: string | [string, Record<string, Json>]) => this.sub(argument),
      'Fn::Select': ([index, list]: [number, Json]) => this.resolve(list)[Number(this.resolve(index))],
      'Fn::Split': ([separator, text]: [string, Json]) => String(this.resolve(text)).split(separator),
      'Fn::Base64': (text: Json) => Buffer.from(String(this.resolve(text))).toString('base64'),
      'Fn::ImportValue': (name: Json) => this.resources.exported(this.resolve(name)),
      'Fn::FindInMap': (path: Json) => this.findInMap(path),
      'Fn::GetAZs': () => ['a', 'b', 'c'].map((zone) => `${this.pseudo['AWS::Region']}${zone}`),
      'Fn::If': ([condition, yes, no]: [string, Json, Json]) => this.resolveOrNothing(this.holds(condition) ? yes : no),
      'Fn::Equals': (values: Json) => {
        const [a, b] = each(values);
        return JSON.stringify(a) === JSON.stringify(b);
      },
      'Fn::Not': (values: Json) => !this.truth(values[0]),
      'Fn::And': (values: Json) => values.every((value: Json) => this.truth(value)),
      'Fn::Or': (values: Json) => values.some((value: Json) => this.truth(value)),
    };
  }

  public resolve(value: Json): Json {
    const resolved = this.resolveOrNothing(value);
    return resolved === NO_VALUE ? undefined : resolved;
  }

  /** Whether a condition of the template holds. */
  public holds(condition: string): boolean {
    const definition = this.template.Conditions?.[condition];
    if (definition === undefined) throw new Error(`condition '${condition}' is not in the template`);
    return this.truth(definition);
  }

  private truth(value: Json): boolean {
    return typeof value?.Condition === 'string' ? this.holds(value.Condition) : this.resolve(value) === true;
  }

  private resolveOrNothing(value: Json): Json {
    if (Array.isArray(value))
      return value.map((item) => this.resolveOrNothing(item)).filter((item) => item !== NO_VALUE);
    if (value === null || typeof value !== 'object') return value;
    const entries = Object.entries(value);
    if (entries.length === 1) {
      const [name, argument] = entries[0];
      const call = this.functions[name];
      if (call !== undefined) return call(argument);
      if (name.startsWith('Fn::')) throw new Error(`the intrinsic function ${name} is not rehearsed`);
    }
    const resolved = entries.map(([key, item]) => [key, this.resolveOrNothing(item)]);
    return Object.fromEntries(resolved.filter(([, item]) => item !== NO_VALUE));
  }

  private ref(name: string): Json {
    if (name === 'AWS::NoValue') return NO_VALUE;
    if (Object.hasOwn(this.pseudo, name)) return this.pseudo[name];
    const parameter = this.template.Parameters?.[name];
    if (parameter === undefined) return this.resources.ref(name);
    if (parameter.Default === undefined && parameter.Type.includes('Number')) {
      throw new Error(`parameter ${name} must have a default to be rehearsed, for a number is not made up [NoDefault]`);
    }
    return parameter.Default ?? `${name}-value`;
  }

  private getAtt(argument: string | readonly string[]): Json {
    const [id, ...attribute] = typeof argument === 'string' ? argument.split('.') : argument;
    return this.resources.attribute(id, attribute.join('.'));
  }

  private sub(argument: string | [string, Record<string, Json>]): string {
    const [text, own] = typeof argument === 'string' ? [argument, {}] : argument;
    return text
      .replace(/\$\{([^!}][^}]*)\}/g, (_match, name: string) => {
        if (Object.hasOwn(own, name)) return String(this.resolve(own[name]));
        return String(name.includes('.') ? this.getAtt(name) : this.ref(name));
      })
      .replace(/\$\{!/g, '${');
  }

  private findInMap(path: Json): Json {
    const [map, first, second] = this.resolve(path);
    const value = this.template.Mappings?.[map]?.[first]?.[second];
    if (value === undefined) throw new Error(`mapping ${map} has no ${first}.${second}`);
    return value;
  }
}

/** The logical ids that a value refers to. */
export function references(value: Json, found: Set<string> = new Set()): Set<string> {
  if (Array.isArray(value)) for (const item of value) references(item, found);
  else if (value !== null && typeof value === 'object') {
    for (const [name, argument] of Object.entries<Json>(value)) {
      if (name === 'Ref') found.add(argument);
      else if (name === 'Fn::GetAtt') found.add(typeof argument === 'string' ? argument.split('.')[0] : argument[0]);
      else if (name === 'Fn::Sub') {
        const text = typeof argument === 'string' ? argument : argument[0];
        for (const [, inside] of text.matchAll(/\$\{([^!}.]+)/g)) found.add(inside);
        if (typeof argument !== 'string') references(argument[1], found);
      } else references(argument, found);
    }
  }
  return found;
}
