import { type AttributeValue, type Item, invalid } from './attribute-value';

/** A place in an item: names into maps, numbers into lists. The first is always a name. */
export type DocumentPath = readonly (string | number)[];

function child(value: AttributeValue, step: string | number): AttributeValue | undefined {
  if (typeof step === 'number') return 'L' in value ? value.L[step] : undefined;
  return 'M' in value && Object.hasOwn(value.M, step) ? value.M[step] : undefined;
}

export function valueAt(item: Item, path: DocumentPath): AttributeValue | undefined {
  return path.reduce<AttributeValue | undefined>(
    (value, step) => (value === undefined ? undefined : child(value, step)),
    { M: item },
  );
}

const noPlace = () => invalid('The document path provided in the update expression is invalid for update');

/** A copy of the item with the value at the path, or without what is there. The parent must be there. */
// source: dynamodb-update-expression
export function withValueAt(item: Item, path: DocumentPath, value: AttributeValue | undefined): Item {
  const put = (parent: AttributeValue | undefined, depth: number): AttributeValue => {
    const step = path[depth];
    const last = depth === path.length - 1;
    if (parent !== undefined && 'M' in parent && typeof step === 'string') {
      const inside = Object.hasOwn(parent.M, step) ? parent.M[step] : undefined;
      if (!last) return { M: { ...parent.M, [step]: put(inside, depth + 1) } };
      const { [step]: _, ...rest } = parent.M;
      return { M: value === undefined ? rest : { ...parent.M, [step]: value } };
    }
    if (parent !== undefined && 'L' in parent && typeof step === 'number') {
      const list = [...parent.L];
      if (!last) list[step] = put(list[step], depth + 1);
      else if (value === undefined) list.splice(step, 1);
      // A place beyond the end is the end.
      else list[Math.min(step, list.length)] = value;
      return { L: list };
    }
    throw noPlace();
  };
  return (put({ M: item }, 0) as { readonly M: Item }).M;
}
