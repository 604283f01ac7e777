import type { Fault } from '../services';
import type { Definition, Execution, HistoryEvent } from '../states';

/** Which states and edges of the machines have been visited, and which faults have struck. */
export class Coverage {
  public readonly edges = new Set<string>();
  public readonly cells = new Set<string>();
  private readonly last = new Map<string, string>();

  public event({ props }: Execution, { type, details }: HistoryEvent): void {
    const machine = props.stateMachineName.replace('engine-', '');
    if (!type.endsWith('StateEntered')) return;
    const name = String(details['name']);
    const before = this.last.get(props.arn);
    if (before !== undefined) this.edges.add(`${machine}: ${before} -> ${name}`);
    this.last.set(props.arn, name);
  }

  public struck(faults: readonly Fault[]): void {
    for (const { api, kind } of faults) this.cells.add(`${api} ${kind}`);
  }

  public add({ edges, cells }: { readonly edges: Iterable<string>; readonly cells: Iterable<string> }): void {
    for (const edge of edges) this.edges.add(edge);
    for (const cell of cells) this.cells.add(cell);
  }
}

/** Every edge of the machines: what follows a state, what its choices lead to, and what its catches do. */
export function edgesOf(machines: Readonly<Record<string, Definition>>): string[] {
  return Object.entries(machines).flatMap(([machine, { States }]) =>
    Object.entries(States).flatMap(([name, state]) =>
      [...new Set(nextOf(state as unknown as Loose))].map((next) => `${machine}: ${name} -> ${next}`),
    ),
  );
}

interface Loose {
  readonly Type: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Catch?: readonly { readonly Next: string }[];
}

const nextOf = ({ Next, Default, Choices = [], Catch = [] }: Loose): string[] =>
  [Next, Default, ...Choices.map((each) => each.Next), ...Catch.map((each) => each.Next)].filter(
    (each) => each !== undefined,
  );
