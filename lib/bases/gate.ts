import type { aws_iam as iam, aws_s3 as s3 } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** When a gate is asked. */
export enum GatePhase {
  /** Before the new version gets anything: reports of an evaluation. */
  BEFORE = 'before',
  /** While the new version answers copies of live requests. */
  SHADOW = 'shadow',
  /** While the new version has a share of live traffic. */
  STAGE = 'stage',
  /** While the new version has all traffic and the old one is kept warm. */
  WATCH = 'watch',
}

/** What a gate can do in the watch, when the new version has all traffic and nothing serves beside it. */
export enum WatchAbility {
  /** It judges the new version by itself, against a fixed limit. */
  ALONE = 'alone',
  /** It compares two versions, so the old one must keep a share of traffic. */
  NEEDS_HOLDBACK = 'needsHoldback',
  /** It is never asked in the watch. */
  NOT_ASKED = 'notAsked',
}

/** Which handler asks a gate. */
export enum GateEvaluator {
  /** The one Lambda function that asks all metric gates and alarms of a stage, once a tick. */
  JUDGE = 'judge',
  /** The one that reads objects in S3: reports and captured traffic. */
  JUDGE_DATA = 'judge-data',
  /** The user's own Lambda function. */
  FUNCTION = 'function',
}

/** Where the endpoint writes down what it is asked and what it answers. */
export interface CapturedTraffic {
  /** The bucket. */
  readonly bucket: s3.IBucket;
  /**
   * The folder, without a slash at either end; below it SageMaker makes one for the endpoint.
   *
   * @default - the bucket itself
   */
  readonly prefix?: string;
}

/** What a gate may know of the deployment that it guards. */
export interface GateContextProps {
  /** Name of the endpoint, decided at synth. */
  readonly endpointName: string;
  /**
   * How many gates may roll the deployment back: they share the tolerated chance of a false rollback.
   *
   * @default 1
   */
  readonly gateCount?: number;
  /**
   * Where the endpoint's data capture lies.
   *
   * @default - the endpoint captures nothing
   */
  readonly capture?: CapturedTraffic;
}

/** What a gate may know of the deployment that it guards. */
export class GateContext {
  /** Name of the endpoint, decided at synth. */
  public readonly endpointName: string;
  /** How many gates may roll the deployment back. */
  public readonly gateCount: number;
  /** Where the endpoint's data capture lies; undefined when it captures nothing. */
  public readonly capture?: CapturedTraffic;

  constructor(props: GateContextProps) {
    this.endpointName = props.endpointName;
    this.gateCount = props.gateCount ?? 1;
    this.capture = props.capture;
  }
}

/** What a gate became of, for one deployment. */
export interface GateBindingProps {
  /** Which handler asks it. */
  readonly evaluator: GateEvaluator;
  /** What to read and how to judge, as plain JSON: the part of a plan that the handler parses. */
  readonly definition: { [name: string]: unknown };
  /**
   * What the handler must be allowed to do for this gate.
   *
   * @default - nothing
   */
  readonly statements?: iam.PolicyStatement[];
}

/** A gate bound to one deployment: plain data for the plan, and the permissions that its handler needs. */
export class GateBinding {
  /** Which handler asks it. */
  public readonly evaluator: GateEvaluator;
  /** What to read and how to judge, as plain JSON. */
  public readonly definition: { [name: string]: unknown };
  /** What the handler must be allowed to do for this gate. */
  public readonly statements: iam.PolicyStatement[];

  constructor(props: GateBindingProps) {
    this.evaluator = props.evaluator;
    this.definition = props.definition;
    this.statements = props.statements ?? [];
  }
}

/**
 * What a new model version must show before it goes on: every gate must pass, and one that fails takes it back.
 *
 * A gate is immutable and belongs to no deployment. It may be bound any number of times, with the same result.
 */
export abstract class Gate {
  /** Its name, unique among the gates of a deployment: what reports, verdicts and messages call it. */
  public abstract readonly gateName: string;
  /** When it is asked. */
  public abstract readonly phases: GatePhase[];
  /** What it can do in the watch. */
  public abstract readonly watchAbility: WatchAbility;

  /** Says what to read, how to judge it, and what the reader must be allowed to do. */
  public abstract bind(scope: Construct, context: GateContext): GateBinding;

  /**
   * Requests of the new version that a good one needs on average to pass, at its share of traffic (0-1); undefined when
   * the gate cannot know.
   *
   * @internal
   */
  public _requestsToPass(_share: number): number | undefined {
    return undefined;
  }

  /**
   * Minutes with metrics of the new version without which it passes none, however many requests they have.
   *
   * @internal
   */
  public _minutesToPass(): number {
    return 0;
  }
}
