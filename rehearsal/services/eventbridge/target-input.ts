import type { Json } from '../service';

/** What of a target decides what it is given. */
export interface TargetInput {
  readonly Input?: string;
  readonly InputPath?: string;
  readonly InputTransformer?: {
    readonly InputPathsMap?: Readonly<Record<string, string>>;
    readonly InputTemplate: string;
  };
}

/** A path of dots and indices into the event; undefined when nothing is there. */
function at(event: Json, path: string): Json {
  if (!/^\$(?:\.[\w-]+|\['[^']+'\]|\["[^"]+"\]|\[\d+\])*$/.test(path)) {
    throw new Error(`an input path must be of dots, names and indices, got '${path}'`);
  }
  const steps = path.match(/[\w-]+(?=$|[.['"\]])|(?<=\[')[^']+/g) ?? [];
  return steps.reduce<Json>((value, step) => (value === null || value === undefined ? undefined : value[step]), event);
}

/**
 * The input of a target: its constant, a part of the event, a filled template, or the whole event. In a template,
 * `<name>` inside quotes becomes text, and elsewhere JSON.
 */
// source: eventbridge-input-transformer
export function targetInput(target: TargetInput, event: Json, reserved: Readonly<Record<string, Json>>): Json {
  if (target.Input !== undefined) return JSON.parse(target.Input);
  if (target.InputPath !== undefined) return at(event, target.InputPath) ?? null;
  if (target.InputTransformer === undefined) return event;
  const { InputPathsMap = {}, InputTemplate } = target.InputTransformer;
  const value = (name: string): Json => {
    if (Object.hasOwn(reserved, name)) return reserved[name];
    if (!Object.hasOwn(InputPathsMap, name))
      throw new Error(`the input template uses <${name}>, which no path defines`);
    return at(event, InputPathsMap[name]);
  };
  let quoted = false;
  const filled = InputTemplate.replace(/\\"|"|<([\w.-]+)>/g, (found, name: string | undefined) => {
    if (name === undefined) {
      if (found === '"') quoted = !quoted;
      return found;
    }
    const inside = value(name);
    if (!quoted) return inside === undefined ? 'null' : JSON.stringify(inside);
    const text = typeof inside === 'string' ? inside : inside === undefined ? '' : JSON.stringify(inside);
    return JSON.stringify(text).slice(1, -1);
  });
  try {
    return JSON.parse(filled);
  } catch {
    throw new Error(`the input template does not make JSON: ${filled}`);
  }
}
