import { ArnFormat, aws_iam as iam, RemovalPolicy, Stack, aws_stepfunctions as stepfunctions } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { EngineFunction } from './engine-function';
import { bakeMachine } from './machines/bake-machine';
import { rollbackMachine } from './machines/rollback-machine';
import { rolloutMachine } from './machines/rollout-machine';
import type { Machine } from './machines/states';

/** The machines of a platform. */
export interface RolloutMachines {
  readonly bake: stepfunctions.CfnStateMachine;
  readonly rollback: stepfunctions.CfnStateMachine;
  readonly rollout: stepfunctions.CfnStateMachine;
  /** What a rollout is started with, and keeps to its end. */
  readonly rolloutVersion: stepfunctions.CfnStateMachineVersion;
  /** The role that asks gates: users' functions are called under it. */
  readonly askers: iam.Role;
}

/** A machine to draw: what its definition names, and what it may do beside calling its functions. */
interface Drawing {
  readonly machine: Machine;
  readonly functions: { readonly [name: string]: EngineFunction };
  readonly substitutions: { readonly [name: string]: string };
  readonly statements: iam.PolicyStatement[];
}

/**
 * Draws the three machines. They name each other, so each has a name that is known at synth, and permissions are
 * given by name: references would wait for each other.
 */
export function drawMachines(
  scope: Construct,
  platformName: string,
  { Judge, JudgeData, LookAtPhase, ApplyTransition, KeepRecord, Preflight }: { readonly [job: string]: EngineFunction },
): RolloutMachines {
  const stack = Stack.of(scope);
  const arn = (resource: string, name: string) =>
    stack.formatArn({ service: 'states', resource, resourceName: name, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  const named = (name: string) => arn('stateMachine', `${platformName}-${name}`);
  const runs = (name: string) => arn('execution', `${platformName}-${name}:*`);
  const allow = (actions: string[], resources: string[]) => new iam.PolicyStatement({ actions, resources });

  const bake = draw(scope, 'Bake', `${platformName}-bake`, {
    machine: bakeMachine(),
    functions: { LookAtPhase },
    // It is called for what is scaled, and allowed with the first of those.
    substitutions: { ApplyTransition: ApplyTransition.handler.currentVersion.functionArn },
    statements: [allow(['lambda:InvokeFunction'], [Judge, JudgeData].map(anyVersion))],
  });
  const rollback = draw(scope, 'Rollback', `${platformName}-rollback`, {
    machine: rollbackMachine(),
    functions: { ApplyTransition, KeepRecord },
    substitutions: {},
    statements: [allow(['states:StopExecution'], [runs('rollout')])],
  });
  const rollout = draw(scope, 'Rollout', `${platformName}-rollout`, {
    machine: rolloutMachine(),
    functions: { ApplyTransition, KeepRecord, Preflight },
    // Phases are watched to the end by what the rollout was begun with; the way back is always the newest.
    substitutions: { BakeMachine: bake.version.ref, RollbackMachine: named('rollback') },
    statements: [
      allow(['states:StartExecution'], [`${named('bake')}:*`, named('rollback')]),
      allow(['states:DescribeExecution', 'states:StopExecution'], [runs('bake')]),
      // Step Functions hears of the end of a nested execution by a rule of its own:
      // https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
      allow(
        ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
        [
          stack.formatArn({
            service: 'events',
            resource: 'rule',
            resourceName: 'StepFunctionsGetEventsForStepFunctionsExecutionRule',
          }),
        ],
      ),
    ],
  });
  return {
    bake: bake.machine,
    rollback: rollback.machine,
    rollout: rollout.machine,
    rolloutVersion: rollout.version,
    askers: bake.role,
  };
}

/** A rollout under way calls the versions that it began with, also when there are newer ones. */
export const anyVersion = ({ handler }: EngineFunction): string => `${handler.functionArn}:*`;

function draw(scope: Construct, id: string, stateMachineName: string, drawing: Drawing) {
  const { machine, functions, substitutions, statements } = drawing;
  const versions = Object.fromEntries(
    Object.entries(functions).map(([name, { handler }]) => [name, handler.currentVersion.functionArn]),
  );
  const role = new iam.Role(scope, `${id}Role`, {
    assumedBy: new iam.ServicePrincipal('states.amazonaws.com'),
    inlinePolicies: {
      Run: new iam.PolicyDocument({
        minimize: true,
        statements: [
          new iam.PolicyStatement({
            actions: ['lambda:InvokeFunction'],
            resources: Object.values(functions).map(anyVersion),
          }),
          ...statements,
        ],
      }),
    },
  });
  const text = JSON.stringify(machine);
  const all: { [name: string]: string } = { ...versions, ...substitutions, Partition: Stack.of(scope).partition };
  const drawn = new stepfunctions.CfnStateMachine(scope, `${id}Machine`, {
    stateMachineName,
    roleArn: role.roleArn,
    definition: machine,
    definitionSubstitutions: Object.fromEntries(Object.entries(all).filter(([name]) => text.includes(`\${${name}}`))),
    tracingConfiguration: { enabled: true },
  });
  // A rollout that began before a deployment goes on with the version that it began with.
  const version = new stepfunctions.CfnStateMachineVersion(scope, `${id}Version`, {
    stateMachineArn: drawn.ref,
    stateMachineRevisionId: drawn.attrStateMachineRevisionId,
  });
  version.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return { machine: drawn, role, version };
}
