import {
  ApplicationAutoScalingClient,
  DeregisterScalableTargetCommand,
  DescribeScalableTargetsCommand,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
  type ScalableTarget,
  type TargetTrackingScalingPolicyConfiguration,
} from '@aws-sdk/client-application-auto-scaling';
import { namedError } from './named-error';

/** How a variant is scaled. */
export interface Scaled {
  readonly minimum: number;
  readonly maximum: number;
  /** Whether its instances may become fewer. */
  readonly shrinks: boolean;
  /** Whether they may become more. */
  readonly grows: boolean;
}

const NAMESPACE = {
  ServiceNamespace: 'sagemaker',
  ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
} as const;

/**
 * The door to Application Auto Scaling, for variants of endpoints. Each call says the whole of what is wanted, so asked
 * twice it does the same. What passes by itself is thrown under a name that is asked again, all else as `ScalingRefused`.
 *
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/services-that-can-integrate-sagemaker.html
 */
export function autoScaling(client: ApplicationAutoScalingClient = new ApplicationAutoScalingClient({})) {
  return {
    /** How these variants are scaled; undefined for one that is not. */
    async scaled(endpoint: string, variants: readonly string[]): Promise<ReadonlyMap<string, Scaled>> {
      const ids = variants.map((variant) => resourceId(endpoint, variant));
      const { ScalableTargets = [] } = await said(
        client.send(new DescribeScalableTargetsCommand({ ...NAMESPACE, ResourceIds: ids })),
      );
      const targets = variants.map((variant, i) => {
        const found = ScalableTargets.find(({ ResourceId }) => ResourceId === ids[i]);
        return found === undefined ? undefined : ([variant, scaledOf(found)] as const);
      });
      return new Map(targets.filter((each) => each !== undefined));
    },

    /**
     * Lets a variant be scaled so from now on. A count that lies outside is brought inside at once:
     * https://docs.aws.amazon.com/autoscaling/application/userguide/getting-started.html
     */
    async scale(endpoint: string, variant: string, { minimum, maximum, shrinks, grows }: Scaled): Promise<void> {
      const SuspendedState = {
        DynamicScalingInSuspended: !shrinks,
        DynamicScalingOutSuspended: !grows,
        ScheduledScalingSuspended: !(shrinks && grows),
      };
      await said(
        client.send(
          new RegisterScalableTargetCommand({
            ...NAMESPACE,
            ResourceId: resourceId(endpoint, variant),
            MinCapacity: minimum,
            MaxCapacity: maximum,
            SuspendedState,
          }),
        ),
      );
    },

    /** What a variant that is scaled follows. */
    async follow(endpoint: string, variant: string, policy: object): Promise<void> {
      await said(
        client.send(
          new PutScalingPolicyCommand({
            ...NAMESPACE,
            PolicyName: `${endpoint}-${variant}`,
            PolicyType: 'TargetTrackingScaling',
            ResourceId: resourceId(endpoint, variant),
            TargetTrackingScalingPolicyConfiguration: policy as TargetTrackingScalingPolicyConfiguration,
          }),
        ),
      );
    },

    /** Scales a variant no more; one that was not scaled is as wanted. Its policies go with it. */
    async leave(endpoint: string, variant: string): Promise<void> {
      try {
        await client.send(
          new DeregisterScalableTargetCommand({ ...NAMESPACE, ResourceId: resourceId(endpoint, variant) }),
        );
      } catch (error) {
        if (!(error instanceof Error && error.name === 'ObjectNotFoundException')) throw translated(error);
      }
    },
  };
}

/** Application Auto Scaling, as the jobs see it. */
export type AutoScalingDoor = ReturnType<typeof autoScaling>;

const resourceId = (endpoint: string, variant: string): string => `endpoint/${endpoint}/variant/${variant}`;

// What it does not say is not a number, and scales: then it is said once more how it is to be.
function scaledOf({ MinCapacity, MaxCapacity, SuspendedState }: ScalableTarget): Scaled {
  return {
    minimum: MinCapacity ?? Number.NaN,
    maximum: MaxCapacity ?? Number.NaN,
    shrinks: SuspendedState?.DynamicScalingInSuspended !== true,
    grows: SuspendedState?.DynamicScalingOutSuspended !== true,
  };
}

async function said<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw translated(error);
  }
}

/**
 * Trouble of the service itself, two writers at once, and a target that was registered this moment and is not seen by
 * every machine of the service yet.
 *
 * @see https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
 */
const PASSING = ['InternalServiceException', 'ConcurrentUpdateException', 'ObjectNotFoundException'];
/** What state machines ask again under its own name. */
const KNOWN = ['ThrottlingException', 'ServiceUnavailable', 'InternalFailure', 'TimeoutError'];

function translated(error: unknown): Error {
  const { name, message } = error instanceof Error ? error : new Error(`${error}`);
  if (KNOWN.includes(name)) return error as Error;
  if (PASSING.includes(name)) return namedError('ServiceUnavailable', message, error);
  return namedError('ScalingRefused', `auto scaling: ${message}`, error);
}
