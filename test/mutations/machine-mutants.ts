import type { Engine } from '../../rehearsal/campaign/engine-account';
import type { Json } from '../../rehearsal/services';

/** The engine with one thing wrong in it. */
export interface EngineMutant {
  /** What is wrong, in words that stay: survivors are listed by it. */
  readonly id: string;
  readonly kind: string;
  readonly engine: Engine;
  /** The state it is in, as `machine: State`; a run that never enters it is the same run. */
  readonly state?: string;
  /** Whether it shows only where work of that state fails. */
  readonly onFailure?: boolean;
  /** The conditional write that has lost its condition. */
  readonly site?: string;
}

type MachineName = keyof Engine['machines'];
type Change = (state: Json) => Json;

/** Every mechanical mutant of the machines: each Catch, Retry, Choice, Wait and piece of work, one at a time. */
export function machineMutants(engine: Engine): EngineMutant[] {
  return (Object.keys(engine.machines) as MachineName[]).flatMap((machine) =>
    placesOf(engine.machines[machine] as Json).flatMap(({ name, state }) =>
      changesOf(state).map(({ kind, what, change, onFailure }) => ({
        id: `${machine}: ${name}: ${what}`,
        kind,
        state: `${machine}: ${name}`,
        onFailure,
        engine: changed(engine, machine, name, change),
      })),
    ),
  );
}

/** The states of a machine, and those inside of its maps. */
function placesOf({ States }: Json): { name: string; state: Json }[] {
  return Object.entries<Json>(States).flatMap(([name, state]) => [
    { name, state },
    ...(state.ItemProcessor === undefined ? [] : placesOf(state.ItemProcessor)),
  ]);
}

function changed(engine: Engine, machine: MachineName, name: string, change: Change): Engine {
  const inside = (definition: Json): Json => {
    const States = Object.fromEntries(
      Object.entries<Json>(definition.States).map(([key, state]) => {
        const own = key === name ? change(state) : state;
        return [key, own.ItemProcessor === undefined ? own : { ...own, ItemProcessor: inside(own.ItemProcessor) }];
      }),
    );
    return { ...definition, States: reachable(States, definition.StartAt) };
  };
  return { ...engine, machines: { ...engine.machines, [machine]: inside(engine.machines[machine]) } };
}

/** The states that something leads to: Step Functions refuses a machine with others. */
function reachable(states: Json, start: string): Json {
  const found = new Set<string>([start]);
  for (const name of found) {
    for (const [, next] of JSON.stringify(states[name]).matchAll(/"(?:Next|Default)":"(\w+)"/g)) {
      if (Object.hasOwn(states, next)) found.add(next);
    }
  }
  return Object.fromEntries(Object.entries(states).filter(([name]) => found.has(name)));
}

interface Wrong {
  readonly kind: string;
  readonly what: string;
  readonly change: Change;
  readonly onFailure?: boolean;
}

function changesOf(state: Json): Wrong[] {
  const without =
    (field: string, index: number): Change =>
    ({ [field]: list, ...others }) => {
      const left = list.filter((_: Json, i: number) => i !== index);
      return left.length === 0 ? others : { ...others, [field]: left };
    };
  const errors = (entry: Json) => (entry.ErrorEquals.length === 1 ? ` of ${entry.ErrorEquals[0]}` : '');
  const each = (field: 'Catch' | 'Retry'): Wrong[] =>
    (state[field] ?? []).map((entry: Json, i: number) => ({
      kind: field,
      what: `${field}${errors(entry)} dropped`,
      change: without(field, i),
      onFailure: true,
    }));
  const choices: Wrong[] = (state.Choices ?? []).map((rule: Json, i: number) => ({
    kind: 'Choice',
    what: `choice of ${rule.Next} inverted`,
    change: (choice: Json) => ({
      ...choice,
      Choices: choice.Choices.map((one: Json, at: number) => (at === i ? { ...one, Next: choice.Default } : one)),
      Default: rule.Next,
    }),
  }));
  const { Type, Next } = state;
  const onward = Next === undefined ? { End: true } : { Next };
  return [
    ...each('Catch'),
    ...each('Retry'),
    ...choices,
    ...(Type === 'Wait' ? [{ kind: 'Wait', what: 'no wait', change: () => ({ Type, Seconds: 0, Next }) }] : []),
    ...(Type === 'Task' ? [{ kind: 'Task', what: 'skipped', change: () => ({ Type: 'Pass', ...onward }) }] : []),
  ];
}
