import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  assumedRoleArn,
  checkPolicy,
  denialMessage,
  evaluateAccess,
  type PolicyStatement,
  type RequestContext,
} from '../../../rehearsal/iam';

const endpoint = 'arn:aws:sagemaker:eu-west-1:123456789012:endpoint/fraud';
const ask = (
  statements: PolicyStatement[],
  action = 'sagemaker:DescribeEndpoint',
  resource = endpoint,
  context: RequestContext = {},
) => evaluateAccess([{ Version: '2012-10-17', Statement: statements }], { action, resource, context }).kind;
const allow = (rest: Partial<PolicyStatement>): PolicyStatement => ({
  Effect: 'Allow',
  Action: '*',
  Resource: '*',
  ...rest,
});

describe('allow and deny', () => {
  test('nothing granted is an implicit denial', () => {
    expect(ask([])).toBe('implicitDeny');
    expect(ask([allow({ Action: 'sagemaker:UpdateEndpoint' })])).toBe('implicitDeny');
    expect(ask([allow({ Resource: 'arn:aws:sagemaker:eu-west-1:123456789012:endpoint/churn' })])).toBe('implicitDeny');
  });
  test('an explicit deny wins over every allow, wherever it stands', () => {
    const deny: PolicyStatement = { Effect: 'Deny', Action: 'sagemaker:Describe*', Resource: '*' };
    expect(ask([allow({}), deny])).toBe('explicitDeny');
    expect(ask([deny, allow({})])).toBe('explicitDeny');
  });
  test('the statement that decided is told', () => {
    const statement = allow({ Sid: 'Read', Action: 'sagemaker:*' });
    const decision = evaluateAccess([{ Statement: statement }], { action: 'sagemaker:ListTags', resource: '*' });
    expect(decision).toEqual({ allowed: true, kind: 'allowed', statement });
  });
});

describe('actions', () => {
  test.each([
    ['sagemaker:DescribeEndpoint', true],
    ['SageMaker:describeendpoint', true],
    ['sagemaker:Describe*', true],
    ['sagemaker:D?scribeEndpoint', true],
    ['sagemaker:DescribeEndpointConfig', false],
    ['s3:*', false],
    ['sagemaker:DescribeEndpoin?t', false],
  ])('%s', (pattern, allowed) => {
    expect(ask([allow({ Action: pattern })])).toBe(allowed ? 'allowed' : 'implicitDeny');
  });
  test('NotAction grants all but the named', () => {
    const statement: PolicyStatement = { Effect: 'Allow', NotAction: ['sagemaker:Delete*'], Resource: '*' };
    expect(ask([statement])).toBe('allowed');
    expect(ask([statement], 'sagemaker:DeleteEndpoint')).toBe('implicitDeny');
  });
});

describe('resources', () => {
  test.each([
    ['*', true],
    ['arn:aws:sagemaker:eu-west-1:123456789012:endpoint/*', true],
    ['arn:*:sagemaker:*:*:endpoint/fraud', true],
    ['arn:aws:sagemaker', true],
    // A wildcard of one part does not reach over the colon into the next.
    ['arn:aws:sagemaker:*:endpoint/fraud', false],
    ['arn:aws:sagemaker:eu-west-1:123456789012:Endpoint/fraud', false],
    ['arn:aws:sagemaker:eu-west-1:123456789012:endpoint/fraud-2', false],
  ])('%s', (pattern, allowed) => {
    expect(ask([allow({ Resource: pattern })])).toBe(allowed ? 'allowed' : 'implicitDeny');
  });
  test('NotResource leaves the named out', () => {
    const statement: PolicyStatement = { Effect: 'Allow', Action: '*', NotResource: endpoint };
    expect(ask([statement])).toBe('implicitDeny');
    expect(ask([statement], 'a:B', `${endpoint}-2`)).toBe('allowed');
  });
  test('a policy variable takes the value of the request, and matches nothing without one', () => {
    const statement = allow({ Resource: 'arn:aws:s3:::b/${aws:PrincipalTag/team}/*' });
    const at = 's3:GetObject';
    expect(ask([statement], at, 'arn:aws:s3:::b/red/x', { 'aws:PrincipalTag/team': 'red' })).toBe('allowed');
    expect(ask([statement], at, 'arn:aws:s3:::b/red/x', { 'aws:PrincipalTag/team': 'blue' })).toBe('implicitDeny');
    expect(ask([statement], at, 'arn:aws:s3:::b//x')).toBe('implicitDeny');
  });
});

describe('conditions', () => {
  const cases: [string, NonNullable<PolicyStatement['Condition']>, RequestContext, boolean][] = [
    ['equal', { StringEquals: { 'cloudwatch:namespace': 'N' } }, { 'CloudWatch:Namespace': 'N' }, true],
    ['one of several values', { StringEquals: { k: ['a', 'b'] } }, { k: 'b' }, true],
    ['every key must hold', { StringEquals: { k: 'a', l: 'b' } }, { k: 'a' }, false],
    ['every operator must hold', { StringEquals: { k: 'a' }, Bool: { s: 'true' } }, { k: 'a', s: 'false' }, false],
    ['case', { StringEquals: { k: 'A' } }, { k: 'a' }, false],
    ['case ignored', { StringEqualsIgnoreCase: { k: 'A' } }, { k: 'a' }, true],
    ['like', { StringLike: { k: 'x/*' } }, { k: 'x/y' }, true],
    ['not equal to any', { StringNotEquals: { k: ['a', 'b'] } }, { k: 'a' }, false],
    ['a negated operator holds without the key', { StringNotEquals: { k: 'a' } }, {}, true],
    ['a positive one does not', { StringEquals: { k: 'a' } }, {}, false],
    ['IfExists does', { StringEqualsIfExists: { k: 'a' } }, {}, true],
    ['IfExists still looks', { StringEqualsIfExists: { k: 'a' } }, { k: 'b' }, false],
    ['absent', { Null: { k: 'true' } }, {}, true],
    ['present', { Null: { k: 'false' } }, {}, false],
    ['arn', { ArnLike: { k: 'arn:aws:sns:*:*:x*' } }, { k: 'arn:aws:sns:e:1:xy' }, true],
    ['bool written as a boolean', { Bool: { k: true } }, { k: 'true' }, true],
    ['number', { NumericLessThanEquals: { k: '10' } }, { k: '10' }, true],
    ['not a number', { NumericLessThan: { k: '10' } }, { k: 'ten' }, false],
    ['empty is not zero', { NumericLessThan: { k: '10' } }, { k: '' }, false],
    ['date', { DateGreaterThan: { k: '2026-01-01T00:00:00Z' } }, { k: '2026-01-02T00:00:00Z' }, true],
    ['all values', { 'ForAllValues:StringEquals': { k: ['a', 'b'] } }, { k: ['a', 'c'] }, false],
    ['all of none', { 'ForAllValues:StringEquals': { k: ['a'] } }, {}, true],
    ['any value', { 'ForAnyValue:StringEquals': { k: ['a'] } }, { k: ['c', 'a'] }, true],
    ['any of none', { 'ForAnyValue:StringEquals': { k: ['a'] } }, {}, false],
  ];
  test.each(cases)('%s', (_, condition, context, allowed) => {
    expect(ask([allow({ Condition: condition })], 'a:B', endpoint, context)).toBe(allowed ? 'allowed' : 'implicitDeny');
  });
  test('fails closed on an operator it does not know: no allow, and every deny', () => {
    const Condition = { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } };
    expect(ask([allow({ Condition })])).toBe('implicitDeny');
    expect(ask([allow({}), { Effect: 'Deny', Action: '*', Resource: '*', Condition }])).toBe('explicitDeny');
    expect(checkPolicy({ Statement: allow({ Condition }) })).toEqual([
      "condition operator 'IpAddress' is not known to the rehearsal",
    ]);
  });
});

test('adding a statement that denies never turns a denial into a grant', () => {
  const word = fc.constantFrom('*', 'a:*', 'a:B', 'b:*', 'a:C');
  const statement = fc.record({
    Effect: fc.constantFrom('Allow' as const, 'Deny' as const),
    Action: word,
    Resource: fc.constant('*'),
  });
  fc.assert(
    fc.property(fc.array(statement), word, fc.nat(), (statements, denied, place) => {
      const before = ask(statements, 'a:B');
      const more = [...statements];
      more.splice(place % (statements.length + 1), 0, { Effect: 'Deny', Action: denied, Resource: '*' });
      const after = ask(more, 'a:B');
      return after !== 'allowed' || (before === 'allowed' && after === before);
    }),
  );
});

test("a denial reads as AWS's own", () => {
  const who = assumedRoleArn('arn:aws:iam::123456789012:role/service/judge', 'fn');
  const request = { action: 'sagemaker:DescribeEndpoint', resource: endpoint };
  expect(denialMessage(who, request, evaluateAccess([], request))).toBe(
    `User: arn:aws:sts::123456789012:assumed-role/judge/fn is not authorized to perform: sagemaker:DescribeEndpoint on resource: ${endpoint} because no identity-based policy allows the sagemaker:DescribeEndpoint action`,
  );
  const deny = { Statement: { Effect: 'Deny' as const, Action: '*', Resource: '*' } };
  expect(denialMessage(who, request, evaluateAccess([deny], request))).toMatch(
    /with an explicit deny in an identity-based policy$/,
  );
});
