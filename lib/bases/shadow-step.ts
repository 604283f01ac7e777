import type { Duration } from 'aws-cdk-lib';
import { isoDuration } from '../private/durations';

/** How long, and for how much, a new version only answers copies of requests. */
export interface ShadowPhase {
  /** Requests that must have been answered by both versions. */
  readonly minimumRequests: number;
  /** Time that must have passed. Both must be reached: whichever comes later. */
  readonly minimumDuration: Duration;
  /**
   * Share of requests that is copied, 0-100.
   *
   * @default 100
   */
  readonly samplingPercent?: number;
  /**
   * How long it may last before a person is asked.
   *
   * @default - three times `minimumDuration`
   */
  readonly deadline?: Duration;
}

/**
 * A time in which the new version answers copies of requests, and its answers go to nobody.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-shadow-deployment.html
 */
export class ShadowStep {
  /** Requests that must have been answered by both versions. */
  public readonly minimumRequests: number;
  /** Time that must have passed. */
  public readonly minimumDuration: Duration;
  /** Share of requests that is copied, 0-100. */
  public readonly samplingPercent: number;
  /** How long it may last; undefined when nobody said. */
  public readonly deadline?: Duration;

  constructor(props: ShadowPhase) {
    this.minimumRequests = props.minimumRequests;
    this.minimumDuration = props.minimumDuration;
    this.samplingPercent = props.samplingPercent ?? 100;
    this.deadline = props.deadline;
  }

  /** As plain data, durations as ISO 8601. */
  public toJson(): { [name: string]: unknown } {
    return {
      minimumRequests: this.minimumRequests,
      minimumDuration: isoDuration(this.minimumDuration),
      samplingPercent: this.samplingPercent,
      ...(this.deadline === undefined ? {} : { deadline: isoDuration(this.deadline) }),
    };
  }
}
