import { references } from './intrinsics';
import type { Template } from './template';

/** For each resource, the resources that must be there before it: by reference and by DependsOn. */
// source: cloudformation-order
export function dependencies(template: Template): Map<string, ReadonlySet<string>> {
  const ids = new Set(Object.keys(template.Resources));
  const graph = new Map<string, ReadonlySet<string>>();
  for (const [id, resource] of Object.entries(template.Resources)) {
    const on = references(resource.Properties ?? {});
    for (const other of [resource.DependsOn ?? []].flat()) {
      if (!ids.has(other)) throw new Error(`${id} depends on '${other}', which is not in the template`);
      on.add(other);
    }
    graph.set(id, new Set([...on].filter((other) => ids.has(other))));
  }
  refuseCycles(graph);
  return graph;
}

function refuseCycles(graph: ReadonlyMap<string, ReadonlySet<string>>): void {
  const done = new Set<string>();
  const visit = (id: string, path: readonly string[]): void => {
    if (path.includes(id)) {
      throw new Error(`circular dependency between resources: ${[...path.slice(path.indexOf(id)), id].join(' -> ')}`);
    }
    if (done.has(id)) return;
    for (const other of graph.get(id) ?? []) visit(other, [...path, id]);
    done.add(id);
  };
  for (const id of graph.keys()) visit(id, []);
}

/** The same graph with every arrow turned: who must be gone before a resource may go. */
export function dependents(graph: ReadonlyMap<string, ReadonlySet<string>>): Map<string, Set<string>> {
  const turned = new Map<string, Set<string>>([...graph.keys()].map((id) => [id, new Set()]));
  for (const [id, on] of graph) for (const other of on) turned.get(other)?.add(id);
  return turned;
}
