import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { aws_lambda as lambda } from 'aws-cdk-lib';
import { FunctionGate, GatePhase, WatchAbility } from 'cdk-sagemaker-rollouts';
import { gateAnswer, readGateAnswer, readGateEvent } from 'cdk-sagemaker-rollouts/decision';
import { describe, expect, test } from 'vitest';
import { bind, stack } from './bind';

const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:policy';
const handler = lambda.Function.fromFunctionArn(stack, 'Policy', arn);
const phases = [GatePhase.BEFORE];

describe('FunctionGate', () => {
  test('says which function is asked when, and may call this one only', () => {
    const { evaluator, definition, statements } = bind(
      new FunctionGate({ gateName: 'Policy', handler, phases, parameters: { country: 'DE' } }),
    );
    expect(evaluator).toBe('function');
    expect(definition).toEqual({
      kind: 'function',
      id: 'Policy',
      phases: ['before'],
      functionArn: arn,
      parameters: { country: 'DE' },
    });
    expect(statements).toEqual([{ Action: 'lambda:InvokeFunction', Effect: 'Allow', Resource: arn }]);
  });

  test('is asked in the watch when it says so', () => {
    expect(new FunctionGate({ gateName: 'P', handler, phases }).watchAbility).toBe(WatchAbility.NOT_ASKED);
    const watching = new FunctionGate({ gateName: 'P', handler, phases: [GatePhase.WATCH] });
    expect(watching.watchAbility).toBe(WatchAbility.ALONE);
  });

  test.each([
    [{ phases: [] }, 'phases must name at least one'],
    [{ phases: [GatePhase.STAGE, GatePhase.STAGE] }, 'each once'],
    [{ parameters: { text: 'x'.repeat(9000) } }, 'parameters must have at most 8192 characters'],
    [{ gateName: '1' }, 'a letter first'],
  ])('fails on %j', (props, message) => {
    expect(() => new FunctionGate({ gateName: 'Policy', handler, phases, ...props })).toThrow(message);
  });
});

describe('the contract of a function of your own', () => {
  const event = {
    schemaVersion: 1,
    gate: 'Policy',
    rollout: 'r-1',
    endpoint: 'fraud',
    phase: 'stage',
    at: '2026-01-05T00:10:00.000Z',
    startedAt: '2026-01-05T00:00:00.000Z',
    challenger: { variant: 'b' },
    champion: null,
    parameters: {},
  };
  const schema = JSON.parse(readFileSync('docs/gates/function-gate.schema.json', 'utf8'));
  const ajv = new Ajv();
  const valid = (name: string) => ajv.compile({ ...schema, $ref: `#/$defs/${name}` });

  test('its event is read by the helper exactly when it is valid by the shipped schema', () => {
    const check = valid('event');
    for (const changed of [
      {},
      { schemaVersion: 2 },
      { phase: 'x' },
      { gate: 7 },
      { champion: undefined },
      { challenger: {} },
      { parameters: [] },
    ]) {
      const asked = JSON.parse(JSON.stringify({ ...event, ...changed }));
      expect([changed, check(asked)]).toEqual([changed, readGateEvent(asked) !== null]);
    }
    expect(readGateEvent(event)).toEqual(event);
    for (const nothing of [null, undefined, 7, 'x', []]) expect(readGateEvent(nothing)).toBeNull();
  });

  test.each(['pass', 'fail', 'hold'] as const)('%s travels as it was said', (kind) => {
    const said = gateAnswer[kind]('forty cases agree', { cases: 40 });
    expect(valid('answer')(said)).toBe(true);
    expect(readGateAnswer(JSON.parse(JSON.stringify(said)))).toEqual({
      kind,
      reason: 'forty cases agree',
      evidence: { cases: 40 },
    });
  });

  test.each([
    undefined,
    null,
    '',
    'pass',
    true,
    7,
    [],
    {},
    { kind: 'pass' },
    { kind: 'pass', reason: 'x' },
    { schemaVersion: 2, kind: 'pass', reason: 'x' },
    { schemaVersion: 1, kind: 'PASS', reason: 'x' },
    { schemaVersion: 1, kind: 'pass', reason: '' },
    { schemaVersion: 1, kind: 'pass', reason: 7 },
    { schemaVersion: 1, kind: ['pass'], reason: 'x' },
    { errorType: 'TypeError', errorMessage: 'x' },
  ])('the answer %j is a hold', (answer) => {
    expect(readGateAnswer(answer).kind).toBe('hold');
    expect(valid('answer')(answer)).toBe(false);
  });
});
