import { aws_iam as iam, type aws_lambda as lambda, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Gate, GateBinding, type GateContext, GateEvaluator, GatePhase, WatchAbility } from '../bases/gate';
import { requireGateName } from '../private/gate-rules';
import { Problems } from '../private/problems';

/** A judge of your own. */
export interface FunctionGateProps {
  /** The Lambda function that judges. It is asked once a tick in each of its phases, and may be asked twice. */
  readonly handler: lambda.IFunction;
  /** When it is asked. */
  readonly phases: GatePhase[];
  /** Its name among the gates of a deployment. */
  readonly gateName: string;
  /**
   * What the function is told with every event: thresholds, names, whatever it needs. Plain JSON of at most 8 kB.
   *
   * @default - nothing
   */
  readonly parameters?: { [name: string]: unknown };
}

/** So that many gates fit the input of one execution, which has 256 KiB. */
const MAXIMUM_PARAMETERS = 8192;

/**
 * Asks a Lambda function of your own. Its event and its answer are versioned, and JSON schemas for both are shipped;
 * a function in TypeScript gets types and helpers from `cdk-sagemaker-rollouts/decision`.
 *
 * Everything but a well-formed `pass` or `fail` is a hold: a crash, a time-out, an answer without a reason.
 *
 * @example
 * declare const policyCheck: lambda.Function;
 * new rollouts.FunctionGate({
 *   gateName: 'Policy',
 *   handler: policyCheck,
 *   phases: [rollouts.GatePhase.BEFORE],
 *   parameters: { country: 'DE' },
 * });
 */
export class FunctionGate extends Gate {
  public readonly gateName: string;
  public readonly phases: GatePhase[];
  public readonly watchAbility: WatchAbility;

  constructor(private readonly props: FunctionGateProps) {
    super();
    this.gateName = props.gateName;
    this.phases = [...props.phases];
    this.watchAbility = props.phases.includes(GatePhase.WATCH) ? WatchAbility.ALONE : WatchAbility.NOT_ASKED;
    const size = JSON.stringify(props.parameters ?? {}).length;
    const problems = new Problems('FunctionGate');
    requireGateName(problems, props.gateName);
    problems.require(
      props.phases.every((phase) => Object.values(GatePhase).includes(phase)) &&
        props.phases.length > 0 &&
        new Set(props.phases).size === props.phases.length,
      'GatePhases',
      () =>
        `phases must name at least one of ${Object.values(GatePhase).join(', ')}, each once, got [${props.phases.join(', ')}]`,
    );
    problems.require(
      size <= MAXIMUM_PARAMETERS,
      'GateParameters',
      () => `parameters must have at most ${MAXIMUM_PARAMETERS} characters as JSON, got ${size}`,
    );
    problems.throwIfAny();
  }

  public bind(scope: Construct, context: GateContext): GateBinding {
    const { handler, parameters = {} } = this.props;
    const [ours, theirs] = [Stack.of(scope).region, handler.env.region];
    const problems = new Problems('FunctionGate');
    problems.require(
      ours === theirs || Token.isUnresolved(ours) || Token.isUnresolved(theirs),
      'GateElsewhere',
      () => `handler of gate ${this.gateName} must be in the region of the deployment, ${ours}, got ${theirs}`,
    );
    problems.throwIfAny(scope);
    return new GateBinding({
      evaluator: GateEvaluator.FUNCTION,
      definition: {
        kind: 'function',
        id: this.gateName,
        phases: this.phases,
        functionArn: handler.functionArn,
        parameters,
      },
      statements: [new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [handler.functionArn] })],
    });
  }
}
