import { type Duration, type Size, SizeRoundingBehavior, type aws_sagemaker as sagemaker, Token } from 'aws-cdk-lib';
import type { Construct, IDependable } from 'constructs';
import { INSTANCE_TYPE, STARTUP_TIMEOUT_SECONDS, VOLUME_SIZE_GIB } from '../../decision/hosting-limits';
import { requireKinds } from '../private/kinds';
import { Problems } from '../private/problems';
import type { AutoScaling } from './auto-scaling';

/** What a model is served on. Immutable: one hosting may serve many endpoints. */
export abstract class Hosting {
  /** Instances that run for as long as the endpoint exists. */
  public static instances(props: InstancesHostingProps): InstancesHosting {
    return new InstancesHosting(props);
  }

  /** Whether the number of instances is changed by auto scaling while the endpoint serves. */
  public abstract readonly autoScaled: boolean;

  /** Instances that a new fleet starts with. May be a token. */
  public abstract readonly initialInstanceCount: number;

  /** Requests a second that the variant is said to receive; undefined when nobody has said it. */
  public abstract readonly requestsPerSecond?: number;

  /**
   * How the number of instances is changed while the endpoint serves; undefined when nothing changes it.
   *
   * @internal
   */
  public abstract readonly _autoScaling?: AutoScaling;

  /**
   * The variant as an endpoint config wants it.
   *
   * @internal
   */
  public abstract _renderVariant(
    variantName: string,
    modelName: string,
  ): sagemaker.CfnEndpointConfig.ProductionVariantProperty;

  /**
   * Draws what changes the number of instances, if anything does. The endpoint is named, not referenced:
   * `dependency` (the endpoint) makes it exist first.
   *
   * @internal
   */
  public abstract _bindScaling(
    scope: Construct,
    endpointName: string,
    variantName: string,
    dependency: IDependable,
  ): void;
}

/** A fleet of instances of one type. */
export interface InstancesHostingProps {
  /** An instance type for hosting, such as `ml.m5.xlarge`. */
  readonly instanceType: string;

  /**
   * Instances that a new fleet starts with, at least 1. A canary or linear deployment needs at least 2, because one
   * instance is all of the fleet. May be a token; percentages of it are then not checked at synth.
   */
  readonly initialInstanceCount: number;

  /**
   * The volume of each instance, whole GiB from 1 to 512.
   *
   * @default - the size that SageMaker gives to the instance type
   */
  readonly volumeSize?: Size;

  /**
   * How long a container may take to answer its first health check, 60 seconds to 1 hour.
   *
   * @default - SageMaker's own limit
   */
  readonly containerStartupHealthCheckTimeout?: Duration;

  /**
   * How long an instance may take to fetch and unpack the model data, 60 seconds to 1 hour.
   *
   * @default - SageMaker's own limit
   */
  readonly modelDataDownloadTimeout?: Duration;

  /**
   * What changes the number of instances while the endpoint serves.
   *
   * @default - nothing: the initial count stays
   */
  readonly autoScaling?: AutoScaling;

  /**
   * Requests a second that the variant receives in a quiet hour. It tells at synth whether an alarm will ever see enough
   * requests to decide; and below 10, the alarms on errors and latency wait for one more bad minute, because there a few
   * unlucky requests make one.
   *
   * @default - not known, nothing is said about it, and the alarms are those of a busy variant
   */
  readonly requestsPerSecond?: number;
}

/**
 * A fleet of instances of one type.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html
 * @example
 * rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4 });
 */
export class InstancesHosting extends Hosting {
  /** The instance type, such as `ml.m5.xlarge`. */
  public readonly instanceType: string;
  public readonly autoScaled: boolean;
  public readonly initialInstanceCount: number;
  public readonly requestsPerSecond?: number;
  /** @internal */
  public readonly _autoScaling?: AutoScaling;

  constructor(private readonly props: InstancesHostingProps) {
    super();
    validate(props);
    this.instanceType = props.instanceType;
    this.autoScaled = props.autoScaling !== undefined;
    this._autoScaling = props.autoScaling;
    this.initialInstanceCount = props.initialInstanceCount;
    this.requestsPerSecond = props.requestsPerSecond;
  }

  /** @internal */
  public _renderVariant(variantName: string, modelName: string): sagemaker.CfnEndpointConfig.ProductionVariantProperty {
    return {
      variantName,
      modelName,
      instanceType: this.instanceType,
      initialInstanceCount: this.initialInstanceCount,
      volumeSizeInGb: this.props.volumeSize?.toGibibytes(),
      containerStartupHealthCheckTimeoutInSeconds: this.props.containerStartupHealthCheckTimeout?.toSeconds(),
      modelDataDownloadTimeoutInSeconds: this.props.modelDataDownloadTimeout?.toSeconds(),
    };
  }

  /** @internal */
  public _bindScaling(scope: Construct, endpointName: string, variantName: string, dependency: IDependable): void {
    this.props.autoScaling?._bind(scope, endpointName, variantName, dependency);
  }
}

/** Tokens pass: their value is not known yet, and nothing here is drawn as often as a number says. */
function validate(props: InstancesHostingProps): void {
  requireKinds('InstancesHosting', props, {
    instanceType: 'text',
    volumeSize: 'Size?',
    containerStartupHealthCheckTimeout: 'Duration?',
    modelDataDownloadTimeout: 'Duration?',
    autoScaling: 'AutoScaling?',
  });
  const { instanceType, initialInstanceCount, volumeSize, autoScaling, requestsPerSecond } = props;
  const problems = new Problems('InstancesHosting');
  if (!Token.isUnresolved(instanceType)) {
    problems.require(INSTANCE_TYPE.test(instanceType), 'InstanceType', () => {
      const hint = INSTANCE_TYPE.test(`ml.${instanceType}`) ? `did you mean 'ml.${instanceType}'?` : 'see ml.m5.xlarge';
      return `instanceType must be an instance type for hosting, got '${instanceType}': ${hint}`;
    });
  }
  if (!Token.isUnresolved(initialInstanceCount)) {
    problems.require(
      Number.isInteger(initialInstanceCount) && initialInstanceCount >= 1,
      'InitialInstanceCount',
      () => `initialInstanceCount must be a whole number of at least 1, got ${initialInstanceCount}`,
    );
    if (autoScaling !== undefined) {
      const { minInstances: min, maxInstances: max } = autoScaling;
      problems.require(
        (Token.isUnresolved(min) || initialInstanceCount >= min) &&
          (Token.isUnresolved(max) || initialInstanceCount <= max),
        'InitialInstanceCount',
        () =>
          `initialInstanceCount must lie within the bounds of autoScaling, ${min} to ${max}, got ${initialInstanceCount}`,
      );
    }
  }
  if (volumeSize !== undefined && !volumeSize.isUnresolved()) {
    const gibibytes = volumeSize.toGibibytes({ rounding: SizeRoundingBehavior.NONE });
    problems.require(
      Number.isInteger(gibibytes) && gibibytes >= VOLUME_SIZE_GIB.min && gibibytes <= VOLUME_SIZE_GIB.max,
      'VolumeSize',
      () => `volumeSize must be whole GiB from ${VOLUME_SIZE_GIB.min} to ${VOLUME_SIZE_GIB.max}, got ${gibibytes} GiB`,
    );
  }
  for (const name of ['containerStartupHealthCheckTimeout', 'modelDataDownloadTimeout'] as const) {
    const timeout = props[name];
    if (timeout === undefined || timeout.isUnresolved()) continue;
    const seconds = timeout.toSeconds({ integral: false });
    const { min, max } = STARTUP_TIMEOUT_SECONDS;
    problems.require(
      Number.isInteger(seconds) && seconds >= min && seconds <= max,
      'StartupTimeout',
      () => `${name} must be whole seconds from ${min} to ${max}, got ${seconds}`,
    );
  }
  if (requestsPerSecond !== undefined && !Token.isUnresolved(requestsPerSecond)) {
    problems.require(
      requestsPerSecond >= 0 && Number.isFinite(requestsPerSecond),
      'RequestsPerSecond',
      () => `requestsPerSecond must be a number of at least 0, got ${requestsPerSecond}`,
    );
  }
  problems.throwIfAny();
}
