import type { Fault } from '../services';
import type { Definition, Execution, HistoryEvent } from '../states';

/** A loop that waits five seconds comes by twelve times. */
const MOST_A_MINUTE = 20;

/** Which states and edges of the machines have been visited, and which faults have struck. */
export class Coverage {
  public readonly edges = new Set<string>();
  public readonly cells = new Set<string>();
  /** States whose work has failed, whatever became of it. */
  public readonly failed = new Set<string>();
  /** States that were entered again and again without a pause. */
  public readonly hasty = new Set<string>();
  private readonly last = new Map<string, string>();
  private readonly entered = new Map<string, number[]>();

  public event({ props }: Execution, { type, details, at }: HistoryEvent): void {
    const machine = props.stateMachineName.replace('engine-', '');
    if (/^(Task|LambdaFunction)(Failed|TimedOut)$/.test(type)) {
      this.failed.add(`${machine}: ${this.last.get(props.arn)}`);
    }
    const name = String(details['name']);
    // What a Map asks has states of its own; what follows is the Map's.
    if (type === 'MapStateExited') this.last.set(props.arn, name);
    if (!type.endsWith('StateEntered')) return;
    this.pace(`${machine}: ${name}`, props.arn, at);
    const before = this.last.get(props.arn);
    if (before !== undefined) this.edges.add(`${machine}: ${before} -> ${name}`);
    this.last.set(props.arn, name);
  }

  /** AWS throttles whoever asks without a pause, and a history is soon full. */
  private pace(state: string, arn: string, at: number): void {
    const times = this.entered.get(`${arn} ${state}`) ?? [];
    times.push(at);
    if (times.length > MOST_A_MINUTE && at - Number(times.shift()) < 60_000) this.hasty.add(state);
    this.entered.set(`${arn} ${state}`, times);
  }

  public struck(faults: readonly Fault[]): void {
    for (const { api, kind } of faults) this.cells.add(`${api} ${kind}`);
  }

  public add({ edges, cells }: { readonly edges: Iterable<string>; readonly cells: Iterable<string> }): void {
    for (const edge of edges) this.edges.add(edge);
    for (const cell of cells) this.cells.add(cell);
  }
}

/** Edges that no drawn case can take, each with the reason. */
export const ELSEWHERE: Readonly<Record<string, string>> = {
  'rollout: Create -> TakeBack':
    'cases begin when a first version serves; first versions that fail are rehearsed with their stack',
  'rollout: IsReady -> WaitForReady':
    "SageMaker's own updates of an endpoint are not drawn; what preflight reads of them has a test of its own",
  'rollout: WaitForReady -> Preflight': 'as above',
  'rollout: IsResumed -> AnnouncePhase':
    "a person resumes by the command line, which is rehearsed with the person's commands",
  'rollout: EnterPhase -> HoldUnfinished': 'a lack of instances in the middle of a rollout is rehearsed with its stack',
  'rollout: HoldUnfinished -> Failed':
    'only where a way back takes the lock in the moment in which an unfinished end is written down',
  'rollout: IsBaked -> Bake': 'drawn bakes are shorter than one execution; a directed case is longer',
  'rollback: HasExecution -> Restore':
    "only between the taking of the lock and the start of the execution, which is the handover's instant",
};

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
    const machine = props.stateMachineName.replace('engine-', '');
    longest[machine] = Math.max(longest[machine] ?? 0, history.length);
  }
  return longest;
}
