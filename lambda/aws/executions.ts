import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';

/** Starts executions. A name that has run already is the same execution: asked twice, started once. */
export function executions(client: SFNClient = new SFNClient({})) {
  return {
    async start(stateMachineArn: string, name: string, input: object): Promise<string> {
      try {
        const { executionArn } = await client.send(
          new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }),
        );
        return executionArn ?? '';
      } catch (error) {
        if (!(error instanceof ExecutionAlreadyExists)) throw error;
        const machine = stateMachineArn.replace(/(:stateMachine:[^:]+):\d+$/, '$1');
        return `${machine.replace(':stateMachine:', ':execution:')}:${name}`;
      }
    },
  };
}

/** Executions, as the jobs see them. */
export type Executions = ReturnType<typeof executions>;
