import type { Json } from '../services/service';
import { operatorOf } from './choice-rule';
import type { State } from './definition';
import { type Expression, parseIntrinsic } from './intrinsic-call';
import { intrinsicProblem } from './intrinsics';
import {
  catcherFields,
  graphFields,
  machineFields,
  numberFields,
  pathFields,
  retrierFields,
  rivals,
  stateFields,
} from './language-fields';
import { PathSyntaxError, parsePath } from './path';
import { parseResource } from './resource';

/**
 * Everything in a definition that is not of the closed JSONPath subset of Amazon States Language that a rehearsal
 * runs, each as `where: what`. Empty when the interpreter can run all of it.
 */
// source: asl-language
export function checkLanguage(definition: unknown): readonly string[] {
  const check = new Check();
  check.graph('', definition as Json, machineFields);
  return check.problems;
}

const isObject = (value: Json) => value !== null && typeof value === 'object' && !Array.isArray(value);

class Check {
  public readonly problems: string[] = [];
  private readonly names = new Set<string>();

  private add(where: string, what: string): void {
    this.problems.push(`${where === '' ? 'the definition' : where}: ${what}`);
  }

  private fields(where: string, value: Json, allowed: readonly string[]): void {
    for (const field of Object.keys(value)) {
      if (!allowed.includes(field)) this.add(where, `'${field}' is not supported here`);
    }
    if (value.QueryLanguage !== undefined && value.QueryLanguage !== 'JSONPath') {
      this.add(where, `QueryLanguage must be JSONPath, got ${JSON.stringify(value.QueryLanguage)}`);
    }
    for (const [field, [least, most]] of Object.entries(numberFields)) {
      const number = value[field];
      if (number === undefined || (Number.isInteger(number) && number >= least && number <= most)) continue;
      this.add(where, `${field} must be a whole number from ${least} to ${most}, got ${JSON.stringify(number)}`);
    }
  }

  public graph(where: string, graph: Json, allowed: readonly string[] = graphFields): void {
    if (!isObject(graph) || !isObject(graph.States) || Object.keys(graph.States).length === 0) {
      this.add(where, 'an object with StartAt and States is needed');
      return;
    }
    this.fields(where, graph, allowed);
    const mode = graph.ProcessorConfig?.Mode ?? 'INLINE';
    if (mode !== 'INLINE') this.add(where, `ProcessorConfig.Mode must be INLINE, got ${JSON.stringify(mode)}`);
    for (const [name, state] of Object.entries<Json>(graph.States)) {
      const at = where === '' ? name : `${where}/${name}`;
      if (this.names.has(name)) this.add(at, 'another state has the same name');
      if (name.length > 80) this.add(at, 'a name may have at most 80 characters');
      this.names.add(name);
      if (isObject(state)) this.state(at, state);
      else this.add(at, 'a state must be an object');
    }
    this.reach(where, graph);
  }

  /** Every target is there, every state can be reached, and some state ends. */
  private reach(where: string, graph: Json): void {
    const reached = new Set<string>();
    const open: Json[] = [graph.StartAt];
    while (open.length > 0) {
      const name = open.pop();
      if (typeof name !== 'string' || !Object.hasOwn(graph.States, name)) {
        this.add(where, `there is no state ${JSON.stringify(name)} to go to`);
      } else if (!reached.has(name)) {
        reached.add(name);
        open.push(...targets(graph.States[name]));
      }
    }
    for (const name of Object.keys(graph.States)) {
      if (!reached.has(name)) this.add(where, `no state goes to '${name}'`);
    }
  }

  private state(at: string, state: Json): void {
    const { Type } = state;
    if (!Object.hasOwn(stateFields, Type ?? '')) {
      this.add(at, `Type must be one of ${Object.keys(stateFields).join(', ')}, got ${JSON.stringify(Type)}`);
      return;
    }
    this.fields(at, state, ['Type', 'Comment', 'QueryLanguage', ...stateFields[Type as State['Type']]]);
    for (const group of rivals) {
      const given = group.filter((field) => state[field] !== undefined);
      if (given.length > 1) this.add(at, `${given.join(' and ')} exclude each other`);
    }
    this.paths(at, state);
    for (const field of ['Parameters', 'ResultSelector', 'ItemSelector']) this.template(`${at}.${field}`, state[field]);
    if (stateFields[Type as State['Type']].includes('Next')) this.moves(at, state);
    this.rules(at, state);
    this.own(at, state);
  }

  private moves(at: string, state: Json): void {
    if (state.Next === undefined && state.End !== true) this.add(at, 'Next or End: true is needed');
  }

  /** What one type of state needs. */
  private own(at: string, state: Json): void {
    if (state.Type === 'Task') {
      const target = parseResource(String(state.Resource));
      if (typeof target === 'string') this.add(at, target);
      const { HeartbeatSeconds, TimeoutSeconds } = state;
      if (HeartbeatSeconds !== undefined && TimeoutSeconds !== undefined && !(HeartbeatSeconds < TimeoutSeconds)) {
        this.add(at, 'HeartbeatSeconds must be smaller than TimeoutSeconds');
      }
    }
    if (state.Type === 'Wait') {
      const given = ['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'].filter((f) => state[f] !== undefined);
      if (given.length !== 1)
        this.add(at, 'exactly one of Seconds, SecondsPath, Timestamp and TimestampPath is needed');
    }
    if (state.Type === 'Wait' && state.Timestamp !== undefined && !Number.isFinite(Date.parse(state.Timestamp))) {
      this.add(at, `Timestamp must be a point of time, got ${JSON.stringify(state.Timestamp)}`);
    }
    if (state.Type === 'Map') this.graph(at, state.ItemProcessor ?? state.Iterator);
    if (state.Type === 'Parallel') {
      if (!Array.isArray(state.Branches) || state.Branches.length === 0) {
        this.add(at, 'Branches are needed');
        return;
      }
      for (const [i, branch] of state.Branches.entries()) this.graph(`${at}/${i}`, branch);
    }
    if (state.Type === 'Choice') this.choices(at, state);
    if (state.Type === 'Fail') {
      for (const field of ['ErrorPath', 'CausePath']) this.expression(`${at}.${field}`, state[field]);
    }
  }

  private choices(at: string, state: Json): void {
    if (!Array.isArray(state.Choices) || state.Choices.length === 0) {
      this.add(at, 'Choices are needed');
      return;
    }
    for (const [i, rule] of state.Choices.entries()) this.choice(`${at}.Choices[${i}]`, rule, true);
  }

  private choice(at: string, rule: Json, top: boolean): void {
    if (!isObject(rule)) {
      this.add(at, 'a choice rule must be an object');
      return;
    }
    if (top !== (rule.Next !== undefined)) this.add(at, top ? 'Next is needed' : 'Next belongs to the outermost rule');
    const joined = ['And', 'Or', 'Not'].filter((word) => rule[word] !== undefined);
    if (joined.length === 0) {
      if (operatorOf(rule) === undefined) {
        this.add(at, `no single operator in ${JSON.stringify(rule)}`);
        return;
      }
      this.path(`${at}.Variable`, rule.Variable);
      for (const [field, value] of Object.entries(rule)) {
        if (field.endsWith('Path')) this.path(`${at}.${field}`, value);
      }
      return;
    }
    const [word] = joined;
    const others = Object.keys(rule).filter((field) => ![word, 'Next', 'Comment'].includes(field));
    if (others.length > 0) this.add(at, `'${others[0]}' cannot stand beside ${word}`);
    const inner = word === 'Not' ? [rule.Not] : rule[word];
    if (!Array.isArray(inner) || inner.length === 0) {
      this.add(at, `${word} needs rules`);
      return;
    }
    for (const [i, one] of inner.entries()) this.choice(`${at}.${word}[${i}]`, one, false);
  }

  private rules(at: string, state: Json): void {
    for (const [field, allowed] of [
      ['Retry', retrierFields],
      ['Catch', catcherFields],
    ] as const) {
      const rules = state[field];
      if (rules === undefined) continue;
      if (!Array.isArray(rules)) {
        this.add(at, `${field} must be a list`);
        continue;
      }
      for (const [i, rule] of rules.entries()) this.rule(`${at}.${field}[${i}]`, rule, allowed, i === rules.length - 1);
    }
  }

  private rule(at: string, rule: Json, allowed: readonly string[], last: boolean): void {
    if (!isObject(rule)) {
      this.add(at, 'a rule must be an object');
      return;
    }
    this.fields(at, rule, allowed);
    const names = rule.ErrorEquals;
    if (!Array.isArray(names) || names.length === 0 || names.some((name) => typeof name !== 'string')) {
      this.add(at, 'ErrorEquals must be a list of names');
      return;
    }
    if (names.includes('States.ALL') && (names.length > 1 || !last)) {
      this.add(at, 'States.ALL must stand alone, and in the last rule');
    }
    const { BackoffRate, MaxDelaySeconds, IntervalSeconds, JitterStrategy } = rule;
    if (BackoffRate !== undefined && !(BackoffRate >= 1)) this.add(at, 'BackoffRate must be at least 1');
    if (MaxDelaySeconds !== undefined && !(MaxDelaySeconds > (IntervalSeconds ?? 1))) {
      this.add(at, 'MaxDelaySeconds must be greater than IntervalSeconds');
    }
    if (JitterStrategy !== undefined && JitterStrategy !== 'FULL' && JitterStrategy !== 'NONE') {
      this.add(at, `JitterStrategy must be FULL or NONE, got ${JSON.stringify(JitterStrategy)}`);
    }
    this.reference(`${at}.ResultPath`, rule.ResultPath);
  }

  private paths(at: string, state: Json): void {
    for (const field of pathFields) {
      if (state[field] !== undefined && state[field] !== null) this.path(`${at}.${field}`, state[field]);
    }
    this.reference(`${at}.ResultPath`, state.ResultPath);
  }

  private reference(at: string, text: Json): void {
    if (text === undefined || text === null) return;
    if (this.path(at, text) && !parsePath(text).reference) this.add(at, `'${text}' must name one place in the data`);
  }

  private path(at: string, text: Json): boolean {
    return this.parses(at, () => parsePath(text));
  }

  private parses(at: string, parse: () => void): boolean {
    try {
      parse();
      return true;
    } catch (thrown) {
      if (!(thrown instanceof PathSyntaxError)) throw thrown;
      this.add(at, thrown.message);
      return false;
    }
  }

  private expression(at: string, text: Json): void {
    if (text === undefined) return;
    if (typeof text !== 'string') {
      this.add(at, 'a path or an intrinsic function is needed');
      return;
    }
    if (!text.startsWith('States.')) {
      this.path(at, text);
      return;
    }
    this.parses(at, () => this.calls(at, parseIntrinsic(text)));
  }

  private calls(at: string, expression: Expression): void {
    if (expression.kind !== 'call') return;
    const problem = intrinsicProblem(expression.name, expression.args.length);
    if (problem !== undefined) this.add(at, problem);
    for (const arg of expression.args) this.calls(at, arg);
  }

  private template(at: string, template: Json): void {
    if (Array.isArray(template)) for (const item of template) this.template(at, item);
    if (!isObject(template)) return;
    for (const [key, value] of Object.entries<Json>(template)) {
      if (key.endsWith('.$')) this.expression(`${at}.${key}`, value);
      else this.template(`${at}.${key}`, value);
    }
  }
}

function targets(state: Json): readonly Json[] {
  if (!isObject(state)) return [];
  const all = [state.Next, state.Default];
  for (const rule of [...list(state.Choices), ...list(state.Catch)]) all.push(rule?.Next);
  return all.filter((target) => target !== undefined);
}

const list = (value: Json): readonly Json[] => (Array.isArray(value) ? value : []);
