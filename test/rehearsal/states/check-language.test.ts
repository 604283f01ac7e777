import aslValidator from 'asl-validator';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../../rehearsal/services/service';
import { checkLanguage } from '../../../rehearsal/states';
import { account, lambda, only } from './machine';

const pass = { Type: 'Pass', End: true };
const task = (rest: Json) => only({ Type: 'Task', Resource: lambda, ...rest });

describe('what is not of the subset is refused by name', () => {
  test.each<[string, Json, RegExp]>([
    ['JSONata', { QueryLanguage: 'JSONata', ...only(pass) }, /QueryLanguage must be JSONPath, got "JSONata"/],
    ['JSONata in a state', only({ ...pass, QueryLanguage: 'JSONata' }), /^S: QueryLanguage/],
    ['Assign', only({ ...pass, Assign: { x: 1 } }), /^S: 'Assign' is not supported here/],
    ['Arguments', task({ Arguments: {} }), /'Arguments'/],
    ['Credentials', task({ Credentials: {} }), /'Credentials'/],
    [
      'a distributed Map',
      only({ Type: 'Map', End: true, ItemProcessor: { ...only(pass), ProcessorConfig: { Mode: 'DISTRIBUTED' } } }),
      /Mode must be INLINE, got "DISTRIBUTED"/,
    ],
    ['an item reader', only({ Type: 'Map', ItemReader: {}, ItemProcessor: only(pass) }), /'ItemReader'/],
    ['an unknown type', only({ Type: 'Loop' }), /Type must be one of Pass, .*, got "Loop"/],
    ['an inherited name as a type', only({ Type: 'constructor' }), /Type must be one of/],
    ['a dangling Next', only({ Type: 'Pass', Next: 'Gone', End: undefined }), /no state "Gone" to go to/],
    ['an unreachable state', { StartAt: 'A', States: { A: pass, B: pass } }, /no state goes to 'B'/],
    ['neither Next nor End', { StartAt: 'A', States: { A: { Type: 'Pass' } } }, /Next or End/],
    ['both', { StartAt: 'A', States: { A: { ...pass, Next: 'A' } } }, /Next and End exclude each other/],
    [
      'a service that is not there',
      task({ Resource: 'arn:aws:states:::aws-sdk:ec2:describeInstances' }),
      /does not have/,
    ],
    [
      '.sync on an SDK integration',
      task({ Resource: 'arn:aws:states:::aws-sdk:sfn:startExecution.sync' }),
      /cannot be/,
    ],
    ['an activity', task({ Resource: 'arn:aws:states:eu-west-1:123456789012:activity:a' }), /neither a function/],
    ['deep paths', only({ ...pass, InputPath: '$..a' }), /not a path of the subset/],
    ['a ResultPath that is a list', only({ ...pass, ResultPath: '$.a[*]' }), /must name one place/],
    ['a ResultPath into the context', only({ ...pass, ResultPath: '$$.a' }), /must name one place/],
    ['an unknown intrinsic', only({ ...pass, Parameters: { a: [{ 'b.$': 'States.Nope()' }] } }), /States.Nope/],
    ['a wrong count of arguments', only({ ...pass, Parameters: { 'b.$': 'States.UUID(1)' } }), /does not take 1/],
    ['States.ALL in company', task({ Retry: [{ ErrorEquals: ['States.ALL', 'E'] }] }), /stand alone/],
    [
      'States.ALL before others',
      task({ Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['E'] }] }),
      /last rule/,
    ],
    ['a back-off below 1', task({ Retry: [{ ErrorEquals: ['E'], BackoffRate: 0.5 }] }), /BackoffRate/],
    [
      'a cap below the interval',
      task({ Retry: [{ ErrorEquals: ['E'], IntervalSeconds: 5, MaxDelaySeconds: 5 }] }),
      /MaxDelay/,
    ],
    [
      'half attempts',
      task({ Retry: [{ ErrorEquals: ['E'], MaxAttempts: 1.5 }] }),
      /MaxAttempts must be a whole number/,
    ],
    ['a wait of two kinds', only({ Type: 'Wait', Seconds: 1, SecondsPath: '$.s' }), /exactly one of/],
    ['a timestamp that is none', only({ Type: 'Wait', Timestamp: 'soon' }), /Timestamp must be a point of time/],
    [
      'a heartbeat as long as the task',
      task({ HeartbeatSeconds: 9, TimeoutSeconds: 9 }),
      /smaller than TimeoutSeconds/,
    ],
    ['a wait of none', only({ Type: 'Wait' }), /exactly one of/],
    [
      'two operators in a rule',
      only({ Type: 'Choice', Choices: [{ Variable: '$.a', IsNull: true, IsString: true, Next: 'S' }] }),
      /no single operator/,
    ],
    [
      'an operator that is none',
      only({ Type: 'Choice', Choices: [{ Variable: '$.a', BooleanLessThan: true, Next: 'S' }] }),
      /no single operator/,
    ],
    [
      'a rule that goes nowhere',
      only({ Type: 'Choice', Choices: [{ Variable: '$.a', IsNull: true }] }),
      /Next is needed/,
    ],
    [
      'two states of one name',
      { StartAt: 'S', States: { S: { Type: 'Parallel', End: true, Branches: [only(pass)] } } },
      /same name/,
    ],
    ['no object at all', null, /an object with StartAt and States/],
  ])('%s', (_, definition, expected) => {
    const problems = checkLanguage(definition);
    expect(
      problems.some((problem) => expected.test(problem)),
      problems.join('\n'),
    ).toBe(true);
  });
  test('all problems come at once', () => {
    const problems = checkLanguage({ StartAt: 'X', States: { A: { Type: 'Pass', Assign: {} }, B: { Type: 'Nope' } } });
    expect(problems.length).toBeGreaterThanOrEqual(5);
  });
  test('a machine with problems is not created', () => {
    expect(() => account().create({ QueryLanguage: 'JSONata', ...only(pass) })).toThrow(
      /Invalid State Machine Definition/,
    );
  });
});

/** Random machines inside the subset: a chain of states, some with branches, catchers and loops forward. */
const graphOf = (prefix: string, depth: number): fc.Arbitrary<Json> =>
  fc.array(stateOf(prefix, depth), { minLength: 1, maxLength: 4 }).map((states) => {
    const name = (i: number) => `${prefix}${i}`;
    const last = name(states.length);
    const chained = states.map((state, i) => {
      const next = i + 1 < states.length ? name(i + 1) : last;
      if (state.Type === 'Choice') {
        return { ...state, Choices: state.Choices.map((rule: Json) => ({ ...rule, Next: last })), Default: next };
      }
      const Catch = state.Catch?.map((rule: Json) => ({ ...rule, Next: last }));
      return Catch === undefined ? { ...state, Next: next } : { ...state, Catch, Next: next };
    });
    const entries = [...chained, { Type: 'Succeed' }].map((state, i) => [name(i), state]);
    return { StartAt: name(0), States: Object.fromEntries(entries) };
  });
const relabel = (graph: Json, by: string): Json =>
  JSON.parse(JSON.stringify(graph).replace(/"(n[\w]*)"/g, (_, name) => `"${by}${name}"`));
const rules = {
  Retry: fc.constant([{ ErrorEquals: ['States.ALL'], MaxAttempts: 1, IntervalSeconds: 2 }]),
  Catch: fc.constant([{ ErrorEquals: ['States.ALL'], ResultPath: '$.error' }]),
};
function stateOf(prefix: string, depth: number): fc.Arbitrary<Json> {
  const flat: fc.Arbitrary<Json>[] = [
    fc.constantFrom<Json>(
      { Type: 'Pass', Result: 1, ResultPath: '$.p' },
      { Type: 'Pass', Parameters: { 'id.$': '$$.Execution.Id', 'f.$': "States.Format('{}', 1)" }, ResultPath: '$.q' },
      { Type: 'Wait', Seconds: 3 },
    ),
    fc.record<Json>(
      {
        Type: fc.constant('Task'),
        Resource: fc.constant(lambda),
        ResultPath: fc.constant('$.t'),
        TimeoutSeconds: fc.constant(30),
        ...rules,
      },
      { requiredKeys: ['Type', 'Resource', 'ResultPath'] },
    ),
    fc.constantFrom<Json>(
      { Type: 'Choice', Choices: [{ Variable: '$.p', IsPresent: true }] },
      { Type: 'Choice', Choices: [{ Not: { Variable: '$.t', IsPresent: true } }] },
    ),
  ];
  if (depth === 0) return fc.oneof(...flat);
  const inner = graphOf(`${prefix}i`, depth - 1);
  const parallel = fc.tuple(inner, inner, rules.Catch).map(([a, b, Catch]) => ({
    Type: 'Parallel',
    Branches: [relabel(a, 'l'), relabel(b, 'r')],
    ResultPath: '$.b',
    Catch,
  }));
  const map = inner.map((body) => ({
    Type: 'Map',
    ItemsPath: '$.items',
    ItemSelector: { items: [] },
    ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, ...relabel(body, 'm') },
    ResultPath: '$.m',
  }));
  return fc.oneof(...flat, parallel, map);
}
/** Names must differ in the whole machine: every state gets a number. */
function unique(graph: Json, counter = { n: 0 }): Json {
  const names = new Map(Object.keys(graph.States).map((name) => [name, `s${counter.n++}`]));
  const to = (name: string) => names.get(name);
  const states = Object.entries<Json>(graph.States).map(([name, state]) => [
    to(name),
    {
      ...state,
      ...(state.Next && { Next: to(state.Next) }),
      ...(state.Default && { Default: to(state.Default) }),
      ...(state.Choices && { Choices: state.Choices.map((rule: Json) => ({ ...rule, Next: to(rule.Next) })) }),
      ...(state.Catch && { Catch: state.Catch.map((rule: Json) => ({ ...rule, Next: to(rule.Next) })) }),
      ...(state.Branches && { Branches: state.Branches.map((branch: Json) => unique(branch, counter)) }),
      ...(state.ItemProcessor && {
        ItemProcessor: { ...state.ItemProcessor, ...unique(state.ItemProcessor, counter) },
      }),
    },
  ]);
  return { ...graph, StartAt: to(graph.StartAt), States: Object.fromEntries(states) };
}
/** A chain may lead around some of its states: they go. */
function reachable(graph: Json): Json {
  const seen = new Set<string>();
  const open = [graph.StartAt];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const { Next, Default, Choices = [], Catch = [] } = graph.States[name];
    open.push(
      ...[Next, Default, ...[...Choices, ...Catch].map((rule: Json) => rule.Next)].filter((n) => n !== undefined),
    );
  }
  return { ...graph, States: Object.fromEntries(Object.entries(graph.States).filter(([name]) => seen.has(name))) };
}
const machines = graphOf('n', 2).map((graph) => reachable(unique(graph)));

test('what it accepts, the public validator of the language accepts', () => {
  fc.assert(
    fc.property(machines, (machine) => {
      expect(checkLanguage(machine)).toEqual([]);
      const { isValid, errorsText } = aslValidator(machine);
      expect(isValid, isValid ? '' : errorsText()).toBe(true);
    }),
    { numRuns: 15, seed: 1 },
  );
}, 120_000);

test('every machine that it accepts runs to an end, with an honest history', async () => {
  await fc.assert(
    fc.asyncProperty(machines, fc.boolean(), async (machine, broken) => {
      const world = account({
        'lambda:Invoke': () => (broken ? { FunctionError: 'Unhandled', Payload: { errorType: 'E' } } : { Payload: 1 }),
      });
      const done = await world.run(machine, { items: [{ a: 1 }, { a: 2 }] });
      expect(done.running).toBe(false);
      if (!broken) expect([done.status, done.error]).toEqual(['SUCCEEDED', undefined]);
      else expect(done.error ?? 'E').toBe('E');
      expect(done.history.map(({ id }) => id)).toEqual(done.history.map((_, i) => i + 1));
      for (const { id, previousEventId } of done.history) expect(previousEventId).toBeLessThan(id);
      const count = (type: RegExp) => done.history.filter((event) => type.test(event.type)).length;
      if (!broken) expect(count(/StateEntered$/)).toBe(count(/StateExited$/));
    }),
    { numRuns: 150, seed: 3 },
  );
});
