import { describe, expect, test } from 'vitest';
import { Intrinsics, references } from '../../../rehearsal/cloudformation/intrinsics';
import type { Template } from '../../../rehearsal/cloudformation/template';

const template: Template = {
  Resources: {},
  Parameters: { Stage: { Type: 'String', Default: 'prod' }, Bootstrap: { Type: 'AWS::SSM::Parameter::Value<String>' } },
  Mappings: { Accounts: { 'eu-west-1': { dlc: '763104351884' } } },
  Conditions: {
    IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
    Never: { 'Fn::Not': [{ Condition: 'IsProd' }] },
    Both: { 'Fn::And': [{ Condition: 'IsProd' }, { Condition: 'Never' }] },
    One: { 'Fn::Or': [{ Condition: 'IsProd' }, { Condition: 'Never' }] },
  },
};
const intrinsics = new Intrinsics(
  template,
  { 'AWS::Region': 'eu-west-1', 'AWS::Partition': 'aws' },
  { ref: (id) => `ref-${id}`, attribute: (id, name) => `${id}-${name}`, exported: (name) => `exported-${name}` },
);

describe('intrinsic functions', () => {
  test.each<[string, unknown, unknown]>([
    ['Ref of a resource', { Ref: 'Model' }, 'ref-Model'],
    ['Ref of a parameter', { Ref: 'Stage' }, 'prod'],
    ['Ref of a pseudo parameter', { Ref: 'AWS::Region' }, 'eu-west-1'],
    ['GetAtt as a list', { 'Fn::GetAtt': ['Model', 'ModelName'] }, 'Model-ModelName'],
    ['GetAtt as text', { 'Fn::GetAtt': 'Table.StreamArn' }, 'Table-StreamArn'],
    ['ImportValue', { 'Fn::ImportValue': { 'Fn::Sub': '${AWS::Region}-x' } }, 'exported-eu-west-1-x'],
    ['Join', { 'Fn::Join': ['-', ['a', { Ref: 'B' }]] }, 'a-ref-B'],
    [
      'Sub',
      { 'Fn::Sub': 'x:${AWS::Partition}:${Model}:${Model.Arn}:${!Literal}' },
      'x:aws:ref-Model:Model-Arn:${Literal}',
    ],
    ['Sub with values', { 'Fn::Sub': ['${A}/${B}', { A: { Ref: 'Stage' } }] }, 'prod/ref-B'],
    ['Select of Split', { 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
    ['FindInMap', { 'Fn::FindInMap': ['Accounts', { Ref: 'AWS::Region' }, 'dlc'] }, '763104351884'],
    ['If, yes', { 'Fn::If': ['IsProd', 1, 2] }, 1],
    ['If, no', { 'Fn::If': ['Never', 1, 2] }, 2],
    ['Base64', { 'Fn::Base64': 'hello' }, 'aGVsbG8='],
    ['NoValue in a list and in a map', { a: [1, { Ref: 'AWS::NoValue' }], b: { Ref: 'AWS::NoValue' } }, { a: [1] }],
    ['zero, false and null', { zero: 0, no: false, nil: null }, { zero: 0, no: false, nil: null }],
  ])('%s', (_name, value, resolved) => {
    expect(intrinsics.resolve(value)).toEqual(resolved);
  });

  test('conditions hold by their parts', () => {
    expect(['IsProd', 'Never', 'Both', 'One'].map((name) => intrinsics.holds(name))).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  test('fails with the name of a function that is not rehearsed', () => {
    expect(() => intrinsics.resolve({ 'Fn::Cidr': 'x' })).toThrow('Fn::Cidr is not rehearsed');
  });

  test('references are found wherever they hide', () => {
    const value = {
      a: [{ Ref: 'A' }, { 'Fn::GetAtt': ['B', 'Arn'] }, { 'Fn::GetAtt': 'C.Arn' }],
      b: { 'Fn::Join': ['', ['x', { 'Fn::Sub': ['${D.Arn}${E}${!F}', { G: { Ref: 'H' } }] }]] },
    };
    expect([...references(value)].sort()).toEqual(['A', 'B', 'C', 'D', 'E', 'H']);
  });
});
