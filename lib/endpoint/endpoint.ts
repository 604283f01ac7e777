import {
  ArnFormat,
  type aws_iam as iam,
  type interfaces,
  type aws_kms as kms,
  Lazy,
  Names,
  RemovalPolicy,
  Stack,
  aws_sagemaker as sagemaker,
  Tags,
  Token,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { WAIT_INTERVAL_SECONDS } from '../../decision/limits';
import { Fleet } from '../bases/fleet';
import type { GuardrailStrategy } from '../bases/guardrail-strategy';
import { RollbackAlarm } from '../bases/rollback-alarm';
import { PlanContext, type RolloutPlan } from '../bases/rollout-plan';
import type { Hosting } from '../hosting/hosting';
import { fingerprint, fingerprintOfModel, nameOfModel } from '../model/fingerprint';
import { requireArn } from '../private/arn-rules';
import { deploymentConfigProblems, inCloudFormationWords } from '../private/deployment-config';
import { requireKinds } from '../private/kinds';
import { Problems } from '../private/problems';
import { isOverridden, renderedProperties } from '../private/rendered';
import { requireModelHere } from '../private/same-environment';
import { requireTags } from '../private/tag-rules';
import { type DataCapture, grantDataCapture, renderDataCapture } from './data-capture';
import { claimEndpointName, EndpointBase, endpointArnOf, requireEndpointName, VARIANT } from './endpoint-base';
import { requireEndpointKinds } from './endpoint-kinds';
import { type EndpointAttributes, ImportedEndpoint } from './imported-endpoint';
import { requireInstanceTypes } from './instance-rules';
import { warnOfLostModel } from './model-rules';
import { warnOfPlan, warnOfReach } from './reachability';
import { bindAlarms, grantAlarms, nameOfAlarm, requireGpu } from './rollback-watch';
import { ServingVerifier } from './serving-verifier';
import { renderShadow, SHADOW_VARIANT, type ShadowVariant } from './shadow';

/** What serves, on what, and how a new version gets there. */
export interface EndpointProps {
  /** The model that serves: our `Model`, an `AWS::SageMaker::Model`, or `Model.fromModelName(...)`. */
  readonly model: interfaces.aws_sagemaker.IModelRef;
  /** What it runs on. */
  readonly hosting: Hosting;
  /** How a new version takes over from the old one. */
  readonly strategy: GuardrailStrategy;
  /**
   * Name of the endpoint: at most 63 letters, digits and inner hyphens. It stays: a change makes a new endpoint.
   *
   * @default - made from the construct's path, and known at synth
   */
  readonly endpointName?: string;
  /**
   * What takes a new version back. Together they make 1 to 10 alarms; most of them two, one for the new fleet and one
   * for the whole variant.
   *
   * @default RollbackAlarm.recommended()
   */
  readonly rollbackAlarms?: RollbackAlarm[];
  /**
   * A challenger that gets a copy of live requests.
   *
   * @default - none
   */
  readonly shadow?: ShadowVariant;
  /**
   * Fails the deployment when another config serves than the requested one. SageMaker goes back to the old version
   * without a word, and CloudFormation may call that a success.
   *
   * @default true
   */
  readonly verifyServing?: boolean;
  /**
   * Records requests and answers in S3.
   *
   * @default - nothing is recorded
   */
  readonly dataCapture?: DataCapture;
  /**
   * Encrypts the volumes of the instances. Instance types with local disks take no key.
   *
   * @default - SageMaker's own key
   */
  readonly encryptionKey?: kms.IKey;
  /**
   * What happens to the endpoint when it leaves the stack. Models and endpoint configs always stay.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * Tags of everything that the endpoint is made of.
   *
   * @default - those of the stack
   */
  readonly tags?: { [name: string]: string };
}

/**
 * A real-time endpoint whose versions replace each other under SageMaker's deployment guardrails.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails.html
 * @example
 * declare const model: rollouts.Model;
 *
 * new rollouts.Endpoint(this, 'Endpoint', {
 *   endpointName: 'fraud',
 *   model,
 *   hosting: rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4 }),
 *   strategy: new rollouts.CanaryStrategy({
 *     canarySize: rollouts.CapacitySize.instances(1),
 *     waitInterval: Duration.minutes(10),
 *     terminationWait: Duration.minutes(30),
 *   }),
 *   rollbackAlarms: rollouts.RollbackAlarm.recommended({ errorRate: 0.02, latencyP99: Duration.millis(250) }),
 * });
 */
export class Endpoint extends EndpointBase {
  /** An endpoint of this account and region, by its name. */
  public static fromEndpointName(scope: Construct, id: string, endpointName: string): EndpointBase {
    return Endpoint.fromEndpointAttributes(scope, id, { endpointName });
  }

  /** An endpoint by its ARN. */
  public static fromEndpointArn(scope: Construct, id: string, endpointArn: string): EndpointBase {
    requireKinds('Endpoint', { endpointArn }, { endpointArn: 'text' }, scope);
    const problems = new Problems('Endpoint');
    requireArn(problems, 'EndpointArn', 'endpoint', endpointArn);
    problems.throwIfAny(scope);
    const { resourceName } = Stack.of(scope).splitArn(endpointArn, ArnFormat.SLASH_RESOURCE_NAME);
    return Endpoint.fromEndpointAttributes(scope, id, { endpointName: resourceName!, endpointArn });
  }

  /** An endpoint by what is known of it. */
  public static fromEndpointAttributes(scope: Construct, id: string, attributes: EndpointAttributes): EndpointBase {
    const kinds = { endpointName: 'text', endpointArn: 'text?', variantName: 'text?' } as const;
    requireKinds('Endpoint', attributes, kinds, scope);
    return new ImportedEndpoint(scope, id, attributes);
  }

  public readonly endpointName: string;
  public readonly variant: Fleet;
  /** Name of the endpoint config; CloudFormation makes a new one, under a new name, for each version. */
  public readonly endpointConfigName: string;
  /** The instances launched from this version's endpoint config: during a deployment, the new fleet. */
  public readonly fleet: Fleet;
  /** How a new version takes over, step by step. */
  public readonly plan: RolloutPlan;

  constructor(scope: Construct, id: string, props: EndpointProps) {
    super(scope, id, { physicalName: props?.endpointName });
    requireEndpointKinds(this, props);
    const { model, hosting, strategy, shadow } = props;
    const models = shadow === undefined ? [model] : [model, shadow.model];
    const problems = new Problems('Endpoint');
    const count = hosting.initialInstanceCount;
    const context = new PlanContext({
      instanceCount: Token.isUnresolved(count) ? undefined : count,
      autoScaled: hosting.autoScaled,
    });
    this.plan = strategy.plan(context);
    this.endpointName = props.endpointName ?? Names.uniqueResourceName(this, { maxLength: 63, separator: '-' });
    requireEndpointName(problems, this.endpointName);

    const config = drawConfig(this, props, problems);
    this.endpointConfigName = config.attrEndpointConfigName;
    const fleet = {
      endpointName: this.endpointName,
      variantName: VARIANT,
      fingerprint: Lazy.string({ produce: () => fingerprint(this, versionOf(config, props)) }),
      requestsPerSecond: hosting.requestsPerSecond,
    };
    this.variant = new Fleet(fleet);
    this.fleet = new Fleet({ ...fleet, endpointConfigName: this.endpointConfigName });

    const rollbackAlarms = props.rollbackAlarms ?? RollbackAlarm.recommended();
    const fleets = { Fleet: this.fleet, Variant: this.variant };
    const alarms = bindAlarms(this, rollbackAlarms, fleets, problems);
    const deploymentConfig = {
      ...strategy.bind(context),
      autoRollbackConfiguration: { alarms: alarms.map(({ alarm }) => ({ alarmName: nameOfAlarm(alarm) })) },
    };
    requireGuardrails(problems, inCloudFormationWords(deploymentConfig), context);
    for (const each of models) requireModelHere(problems, this, each);
    requireTags(problems, props.tags);
    claimEndpointName(problems, this, this.endpointName);
    requireGpu(problems, alarms, hosting);
    problems.throwIfAny(this);

    const resource = new sagemaker.CfnEndpoint(this, 'Resource', {
      endpointName: this.endpointName,
      endpointConfigName: this.endpointConfigName,
      deploymentConfig,
      // Without it each deployment would start the new fleet at the initial count, whatever the load has made of it.
      retainAllVariantProperties: hosting.autoScaled ? true : undefined,
    });
    if (props.removalPolicy !== undefined) resource.applyRemovalPolicy(props.removalPolicy);
    this.node.defaultChild = resource;
    // Whoever changes the resource by an escape hatch is held to the same rules.
    this.node.addValidation({
      validate: () => {
        const changed = new Problems('Endpoint');
        if (isOverridden(resource) || resource.deploymentConfig !== deploymentConfig) {
          requireGuardrails(changed, renderedProperties(resource).DeploymentConfig, context);
        }
        return changed.messages;
      },
    });

    hosting._bindScaling(this, this.endpointName, VARIANT, resource);
    if (shadow !== undefined) {
      const scope = new Construct(this, 'Shadow');
      (shadow.hosting ?? hosting)._bindScaling(scope, this.endpointName, SHADOW_VARIANT, resource);
    }
    for (const each of models) {
      if (!isGrantable(each)) continue;
      grantAlarms(this, each, this.endpointName, alarms);
      if (props.dataCapture !== undefined) grantDataCapture(each, props.dataCapture);
      if (props.encryptionKey !== undefined) grantVolumes(each, props.encryptionKey);
    }
    if (props.verifyServing ?? true) {
      ServingVerifier.of(this).verify(this, this.endpointName, {
        EndpointName: resource.attrEndpointName,
        EndpointConfigName: this.endpointConfigName,
        Plan: { instanceCount: count, ...this.plan.toJson() },
      });
    }
    for (const [name, value] of Object.entries(props.tags ?? {})) Tags.of(this).add(name, value);
    warnOfPlan(this, this.plan, deploymentConfig, {
      autoScaled: hosting.autoScaled,
      shadowed: shadow !== undefined,
    });
    warnOfReach(this, this.plan, alarms, hosting.requestsPerSecond);
    for (const each of models) warnOfLostModel(this, each);
  }

  /** The endpoint's ARN. */
  public get endpointArn(): string {
    return endpointArnOf(this, this.endpointName);
  }
}

/** Unnamed, because it can never change; kept, because a rollback serves it again. */
function drawConfig(scope: Construct, props: EndpointProps, problems: Problems): sagemaker.CfnEndpointConfig {
  const { model, hosting, shadow, dataCapture, encryptionKey } = props;
  const variant = hosting._renderVariant(VARIANT, nameOfModel(model));
  const copy = shadow && renderShadow(problems, shadow, shadow.hosting ?? hosting);
  for (const { instanceType } of copy === undefined ? [variant] : [variant, copy]) {
    requireInstanceTypes(problems, instanceType, encryptionKey !== undefined);
  }
  const config = new sagemaker.CfnEndpointConfig(scope, 'Config', {
    // Alone it has all of the traffic; 1 is what SageMaker assumes, and what a shadow's share is measured against.
    productionVariants: [copy === undefined ? variant : { ...variant, initialVariantWeight: 1 }],
    shadowProductionVariants: copy && [copy],
    dataCaptureConfig: dataCapture && renderDataCapture(problems, dataCapture),
    kmsKeyId: encryptionKey?.keyArn,
  });
  config.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return config;
}

/** What makes a version another one: the config as it will be, and what its models hold. */
function versionOf(config: sagemaker.CfnEndpointConfig, { model, shadow }: EndpointProps): unknown {
  const models = shadow === undefined ? [model] : [model, shadow.model];
  return [renderedProperties(config), ...models.map(fingerprintOfModel)];
}

function requireGuardrails(problems: Problems, deploymentConfig: unknown, context: PlanContext): void {
  const found = deploymentConfigProblems('AWS::SageMaker::Endpoint', deploymentConfig, context.instanceCount);
  for (const { code, message } of found) problems.add(code, message);
  const inside = (value: unknown, name: string) => (value as Record<string, unknown> | undefined)?.[name];
  const valueAt = (path: string) => Number(path.split('.').reduce(inside, deploymentConfig));
  // Half a second is no wait of SageMaker's either, and an engine does not help.
  if (!found.some(({ code, path }) => code === 'WaitOutOfRange' && valueAt(path) > WAIT_INTERVAL_SECONDS.max)) return;
  problems.add(
    'BeyondGuardrails',
    'waits longer than an hour must be left to a ModelDeployment, which takes the same strategy: deploy this endpoint once with removalPolicy: RETAIN, then put a ModelDeployment with adoptExistingEndpoint: true in its place',
  );
}

function isGrantable(model: object): model is iam.IGrantable {
  return 'grantPrincipal' in model;
}

/** SageMaker attaches the encrypted volumes with the containers' role. https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html */
function grantVolumes(grantee: iam.IGrantable, key: kms.IKey): void {
  key.grant(grantee, 'kms:CreateGrant', 'kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKeyWithoutPlaintext');
}
