import {
  CfnResource,
  type aws_cloudwatch as cloudwatch,
  aws_iam as iam,
  type interfaces,
  type aws_kms as kms,
  Lazy,
  Names,
  Stack,
  Tags,
  Token,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { SAGEMAKER_NAME } from '../../decision/model-limits';
import { peakInstances } from '../../decision/rollout/peak';
import type { Plan } from '../../decision/rollout/plan';
import type { Spec } from '../../decision/rollout/spec';
import { Fleet } from '../bases/fleet';
import { type Gate, GateContext, GatePhase } from '../bases/gate';
import { RollbackAlarm } from '../bases/rollback-alarm';
import { PlanContext, type RolloutPlan } from '../bases/rollout-plan';
import type { Strategy } from '../bases/strategy';
import { CAPTURE_PREFIX, type DataCapture, grantDataCapture, renderDataCapture } from '../endpoint/data-capture';
import { claimEndpointName, EndpointBase, endpointArnOf } from '../endpoint/endpoint-base';
import { warnOfReach } from '../endpoint/reachability';
import { requireGpu } from '../endpoint/rollback-watch';
import type { Hosting } from '../hosting/hosting';
import { fingerprint, fingerprintOfModel, nameOfModel } from '../model/fingerprint';
import { Problems } from '../private/problems';
import { requireModelHere } from '../private/same-environment';
import { requireTags } from '../private/tag-rules';
import { inApiWords } from './api-words';
import { type Approval, bindApproval, withApproval } from './approval';
import { drawDashboard } from './dashboard';
import { bindDeploymentAlarms } from './deployment-alarms';
import { addressArn, drawOutputs } from './deployment-outputs';
import { ALARM_ENDINGS } from './engine-triggers';
import { warnOfSlowGates } from './gate-forecast';
import { planPhases } from './plan-phases';
import { requireDurations, requireJudge, requireLength, requirePlan } from './require-plan';
import { RolloutPlatform } from './rollout-platform';
import { sourcesOf, sourcesSpec } from './sources';

/** Which version shall serve, and how it gets there. */
export interface ModelDeploymentProps {
  /** The model that shall serve. */
  readonly model: interfaces.aws_sagemaker.IModelRef;
  /** What it runs on. */
  readonly hosting: Hosting;
  /** The path from no traffic to all of it. */
  readonly strategy: Strategy;
  /**
   * Name of the endpoint: at most 63 letters, digits and inner hyphens.
   *
   * @default - made from the construct's path, and known at synth
   */
  readonly endpointName?: string;
  /**
   * What takes the new version back at once, from its first traffic to the end of the watch.
   *
   * @default RollbackAlarm.recommended()
   */
  readonly rollbackAlarms?: RollbackAlarm[];
  /**
   * What the new version must show before it goes on: every gate must pass.
   *
   * @default - none: the alarms alone judge
   */
  readonly gates?: Gate[];
  /**
   * Records requests and answers in S3.
   *
   * @default - nothing is recorded
   */
  readonly dataCapture?: DataCapture;
  /**
   * Encrypts the volumes of the instances.
   *
   * @default - SageMaker's own key
   */
  readonly encryptionKey?: kms.IKey;
  /**
   * Who must agree to a new version, and when.
   *
   * @default - nobody is asked
   */
  readonly approval?: Approval;
  /**
   * Takes over an endpoint of that name that no stack owns, or owns any more. Its one variant must be called `a`. Once a
   * rollout has updated it, it is the engine's and this may go.
   *
   * @default false
   */
  readonly adoptExistingEndpoint?: boolean;
  /**
   * What this deployment shares with others.
   *
   * @default - the one of the stack, made where there is none
   */
  readonly platform?: RolloutPlatform;
  /**
   * Tags of everything that the engine makes.
   *
   * @default - none
   */
  readonly tags?: { [name: string]: string };
}

/**
 * An endpoint that an engine owns, as a controller owns its pods: this declares which version is wanted, and a state
 * machine makes the journey to it, over days where the strategy says so, with gates, and back by itself.
 *
 * @example
 * declare const model: rollouts.Model;
 *
 * new rollouts.ModelDeployment(this, 'Fraud', {
 *   endpointName: 'fraud',
 *   model,
 *   hosting: rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4 }),
 *   strategy: rollouts.StagedStrategy.standard(),
 *   gates: [new rollouts.ErrorRateGate({ absoluteMargin: 0.005, maximumRate: 0.02 })],
 * });
 */
export class ModelDeployment extends EndpointBase {
  public readonly endpointName: string;
  public readonly endpointArn: string;
  public readonly variant: Fleet;
  /** The way of a new version, step by step. */
  public readonly plan: RolloutPlan;
  /** What this deployment shares with others. */
  public readonly platform: RolloutPlatform;

  constructor(scope: Construct, id: string, props: ModelDeploymentProps) {
    super(scope, id, { physicalName: props.endpointName });
    const { hosting, strategy, model } = props;
    const problems = new Problems('ModelDeployment');
    this.endpointName = props.endpointName ?? Names.uniqueResourceName(this, { maxLength: 63, separator: '-' });
    problems.require(
      !Token.isUnresolved(this.endpointName) && SAGEMAKER_NAME.test(this.endpointName),
      'EndpointName',
      () =>
        `endpointName must be 1 to 63 letters, digits and inner hyphens, known at synth, got '${this.endpointName}'`,
    );
    this.endpointArn = endpointArnOf(this, this.endpointName);
    this.variant = fleetOf(this.endpointName, 'a', hosting);
    const b = fleetOf(this.endpointName, 'b', hosting);
    const count = hosting.initialInstanceCount;
    this.plan = strategy.plan(
      new PlanContext({ instanceCount: Token.isUnresolved(count) ? undefined : count, autoScaled: hosting.autoScaled }),
    );
    const alarms = bindDeploymentAlarms(
      this,
      props.rollbackAlarms ?? RollbackAlarm.recommended(),
      { a: this.variant, b },
      problems,
    );
    const gates = [...(props.gates ?? []), ...alarms.gates];
    requirePlan(problems, this.plan, gates);
    if (!requireDurations(problems, this.plan)) problems.throwIfAny(this);
    const variant = hosting._renderVariant('', '');
    const phases = planPhases(
      this.plan,
      gates.some(({ phases }) => phases.includes(GatePhase.BEFORE)),
    );
    requireLength(problems, phases);
    const approval = bindApproval(problems, props.approval, phases, {
      instanceType: known(variant.instanceType),
      instanceCount: known(count),
      requestsPerSecond: known(hosting.requestsPerSecond),
      percents: this.plan.steps.map(({ percent }) => percent),
    });
    requireJudge(problems, gates, [...alarms.a, ...alarms.b].length);
    requireTags(problems, props.tags);
    claimEndpointName(problems, this, this.endpointName);
    requireGpu(problems, alarms.watching, hosting);
    requireModelHere(problems, this, model);
    const plan = withApproval(phases, approval);
    const capture = props.dataCapture && renderDataCapture(problems, props.dataCapture);
    problems.throwIfAny(this);
    warnOfReach(this, this.plan, alarms.watching, hosting.requestsPerSecond);
    warnOfSlowGates(this, gates, this.plan.steps, hosting.requestsPerSecond);

    this.platform = props.platform ?? RolloutPlatform.of(this);
    const sources = sourcesOf(model);
    const adopts = props.adoptExistingEndpoint ?? false;
    this.platform._manage(this.endpointName, { sources, adopts, autoScaled: hosting.autoScaled });
    const { initialInstanceCount, variantName, modelName, ...shape } = variant;
    // Late: an escape hatch on the model makes another version of it too.
    const digest = Lazy.string({ produce: () => fingerprint(this, [fingerprintOfModel(model), shape]) });
    const names = (own: readonly cloudwatch.IAlarmRef[]) => own.map(({ alarmRef }) => alarmRef.alarmName);
    const spec: { [K in keyof Spec]: unknown } = {
      schemaVersion: 1,
      endpoint: this.endpointName,
      digest,
      modelName: nameOfModel(model),
      variant: inApiWords(shape),
      initialInstanceCount: count,
      ...scalingOf(hosting),
      ...(capture === undefined ? {} : { dataCapture: inApiWords(capture) }),
      ...(props.encryptionKey === undefined ? {} : { kmsKeyId: props.encryptionKey.keyId }),
      tags: Object.entries(props.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
      plan,
      gates: this.bindGates(gates, props.dataCapture),
      alarms: { a: names(alarms.a), b: names(alarms.b) },
      ...(approval === undefined ? {} : { approval }),
      adoptExistingEndpoint: adopts,
      ...sourcesSpec(sources),
    };
    const fence = new CfnResource(this, 'Fence', {
      type: 'Custom::RolloutFence',
      properties: {
        ServiceToken: this.platform._serviceToken,
        Step: 'fence',
        Endpoint: this.endpointName,
        Digest: digest,
        Adopt: `${adopts}`,
        ...peakOf(plan, variant.instanceType, hosting._autoScaling?.maxInstances ?? count),
      },
    });
    const handover = new CfnResource(this, 'Resource', {
      type: 'Custom::RolloutSpec',
      properties: {
        ServiceToken: this.platform._serviceToken,
        Step: 'handover',
        Endpoint: this.endpointName,
        RolloutId: fence.getAtt('RolloutId').toString(),
        Action: fence.getAtt('Action').toString(),
        Spec: Stack.of(this).toJsonString(spec),
        Plan: plan,
      },
    });
    fence.node.addDependency(...this.platform._machines);
    const own = [...alarms.a, ...alarms.b];
    handover.node.addDependency(...own);
    this.node.defaultChild = handover;
    this.drawOperations(b, own);
    for (const approver of props.approval?.approvers ?? []) this.grantOperate(approver);
    if (props.dataCapture !== undefined && 'grantPrincipal' in model)
      grantDataCapture(model as never, props.dataCapture);
    for (const [name, value] of Object.entries(props.tags ?? {})) Tags.of(this).add(name, value);
  }

  /**
   * Lets somebody read how its rollouts go, take them back, resume and retry them, and close retrospectives: everything
   * that `rollouts` does. Only `approval.approvers` may approve.
   */
  public grantOperate(grantee: iam.IGrantable): iam.Grant {
    this.platform._grantOperate(grantee);
    const resourceArns = [addressArn(this, this.endpointName)];
    iam.Grant.addToPrincipal({ grantee, actions: ['ssm:GetParameter'], resourceArns });
    return this.grantDescribe(grantee);
  }

  /** What people need to follow its rollouts. */
  private drawOperations(b: Fleet, alarms: cloudwatch.IAlarmRef[]): void {
    const { endpointName, platform } = this;
    drawOutputs(this, {
      endpointName,
      platformName: platform.platformName,
      tableName: platform.record.tableName,
      doorUrl: platform._doorUrl,
    });
    drawDashboard(this, { endpointName, a: this.variant, b, alarms });
  }

  /** As the handlers parse them; each handler is allowed what its gates need. */
  private bindGates(gates: readonly Gate[], dataCapture: DataCapture | undefined): object[] {
    const records = (dataCapture?.output ?? true) && dataCapture?.samplingPercent !== 0;
    const capture =
      dataCapture && records ? { bucket: dataCapture.bucket, prefix: dataCapture.prefix ?? CAPTURE_PREFIX } : undefined;
    const context = new GateContext({ endpointName: this.endpointName, gateCount: gates.length, capture });
    return gates.map((gate) => {
      const { evaluator, definition, statements } = gate.bind(this, context);
      for (const statement of statements) this.platform._allow(evaluator, statement);
      return { name: gate.gateName, evaluator, phases: gate.phases, definition };
    });
  }
}

/** What the engine registers each variant with, while it serves. */
function scalingOf({ _autoScaling: scaling }: Hosting): Pick<{ [K in keyof Spec]: unknown }, 'scaling'> {
  if (scaling === undefined) return {};
  const { minInstances: minimum, maxInstances: maximum, _tracking } = scaling;
  return { scaling: { minimum, maximum, policy: inApiWords(_tracking) } };
}

/** What the fence asks the quota for: a count that only the deployment knows cannot be asked for. */
function peakOf(plan: Plan, instanceType: string | undefined, count: number): object {
  if (instanceType === undefined || Token.isUnresolved(instanceType) || Token.isUnresolved(count)) return {};
  return { InstanceType: instanceType, PeakInstances: `${peakInstances(plan, count)}` };
}

const known = <T>(value: T): T | undefined => (Token.isUnresolved(value) ? undefined : value);

function fleetOf(endpointName: string, variantName: 'a' | 'b', hosting: Hosting): Fleet {
  const { requestsPerSecond } = hosting;
  return new Fleet({ endpointName, variantName, fingerprint: ALARM_ENDINGS[variantName], requestsPerSecond });
}
