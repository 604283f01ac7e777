import { App, Stack } from 'aws-cdk-lib';
import { type Gate, GateContext, type GateContextProps } from 'cdk-sagemaker-rollouts';

export const stack = new Stack(new App(), 'Gates', { env: { account: '123456789012', region: 'eu-west-1' } });

/** Binds a gate as a deployment would, and shows the result as plain JSON. */
export function bind(gate: Gate, props: Partial<GateContextProps> = {}) {
  const binding = gate.bind(stack, new GateContext({ endpointName: 'fraud', ...props }));
  return {
    evaluator: binding.evaluator,
    definition: JSON.parse(JSON.stringify(stack.resolve(binding.definition))),
    statements: binding.statements.map((statement) => stack.resolve(statement.toStatementJson())),
  };
}
