/** The first thing that went wrong, and where. */
export interface OrderFailure {
  readonly id: string;
  readonly error: unknown;
}

/** Does `work` for each id as soon as all it depends on are done. After the first failure nothing new begins. */
// source: cloudformation-order
export async function inOrder(
  ids: ReadonlySet<string>,
  graph: ReadonlyMap<string, ReadonlySet<string>>,
  work: (id: string) => Promise<void>,
): Promise<OrderFailure | undefined> {
  let failure: OrderFailure | undefined;
  const started = new Map<string, Promise<void>>();
  const start = (id: string): Promise<void> => {
    const known = started.get(id);
    if (known !== undefined) return known;
    const needs = [...(graph.get(id) ?? [])].filter((other) => ids.has(other));
    const begun = Promise.all(needs.map(start)).then(async () => {
      if (failure !== undefined) return;
      try {
        await work(id);
      } catch (error) {
        failure ??= { id, error };
      }
    });
    started.set(id, begun);
    return begun;
  };
  await Promise.all([...ids].map(start));
  return failure;
}
