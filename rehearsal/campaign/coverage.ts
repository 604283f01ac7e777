import type { Faults } from '../services';
import type { Definition, Execution, HistoryEvent } from '../states';

/** A loop that waits five seconds comes by twelve times. */
const MOST_A_MINUTE = 20;
const FAILED = new Set(['TaskFailed', 'TaskTimedOut', 'LambdaFunctionFailed', 'LambdaFunctionTimedOut']);

/** Which states and edges of the machines have been visited, which APIs called, and which faults have struck. */
export class Coverage {
  public readonly states = new Set<string>();
  public readonly apis = new Set<string>();
  public readonly edges = new Set<string>();
  public readonly cells = new Set<string>();
  /** States whose work has failed, whatever became of it. */
  public readonly failed = new Set<string>();
  /** States that were entered again and again without a pause. */
  public readonly hasty = new Set<string>();
  private readonly last = new Map<string, string>();
  /** When each execution last entered each of its states. */
  private readonly entered = new Map<string, Map<string, number[]>>();

  public event({ props }: Execution, { type, details, at }: HistoryEvent): void {
    const { arn } = props;
    if (FAILED.has(type)) this.failed.add(`${machineOf(props.stateMachineName)}: ${this.last.get(arn)}`);
    const name = String(details['name']);
    // What a Map asks has states of its own; what follows is the Map's.
    if (type === 'MapStateExited') this.last.set(arn, name);
    if (!type.endsWith('StateEntered')) return;
    const machine = machineOf(props.stateMachineName);
    const state = `${machine}: ${name}`;
    this.states.add(state);
    this.pace(state, arn, at);
    const before = this.last.get(arn);
    if (before !== undefined) this.edges.add(`${machine}: ${before} -> ${name}`);
    this.last.set(arn, name);
  }

  /** AWS throttles whoever asks without a pause, and a history is soon full. */
  private pace(state: string, arn: string, at: number): void {
    const ofExecution = this.entered.get(arn) ?? new Map<string, number[]>();
    this.entered.set(arn, ofExecution);
    const times = ofExecution.get(state) ?? [];
    ofExecution.set(state, times);
    times.push(at);
    if (times.length > MOST_A_MINUTE && at - Number(times.shift()) < 60_000) this.hasty.add(state);
  }

  /** What has been called, and what has struck, of planned faults. */
  public struck({ calls, met }: Faults): void {
    for (const api of calls.keys()) this.apis.add(api);
    for (const { api, kind } of met) this.cells.add(`${api} ${kind}`);
  }

  public add(other: Visited): void {
    for (const what of ['states', 'edges', 'apis', 'cells'] as const) {
      for (const one of other[what]) this[what].add(one);
    }
  }

  /** As plain data, so that processes can hand it on. */
  public get visited(): Visited {
    const { states, edges, apis, cells } = this;
    return { states: [...states], edges: [...edges], apis: [...apis], cells: [...cells] };
  }
}

/** The last word of a machine's name: what comes before it is the platform's. */
const machineOf = (stateMachineName: string): string => stateMachineName.slice(stateMachineName.lastIndexOf('-') + 1);

/** Where runs have been. */
export interface Visited {
  readonly states: Iterable<string>;
  readonly edges: Iterable<string>;
  readonly apis: Iterable<string>;
  readonly cells: Iterable<string>;
}

/** Every state of the machines, those inside of a Map too. */
export function statesOf(machines: Readonly<Record<string, Pick<Definition, 'States'>>>): string[] {
  return Object.entries(machines).flatMap(([machine, { States }]) =>
    Object.entries(States).flatMap(([name, state]) => [
      `${machine}: ${name}`,
      ...(state.Type === 'Map' && state.ItemProcessor !== undefined
        ? statesOf({ [machine]: state.ItemProcessor })
        : []),
    ]),
  );
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

/** Events of the longest history of each machine. */
export function longestOf(executions: readonly Execution[]): Record<string, number> {
  const longest: Record<string, number> = {};
  for (const { props, history } of executions) {
    const machine = machineOf(props.stateMachineName);
    longest[machine] = Math.max(longest[machine] ?? 0, history.length);
  }
  return longest;
}
