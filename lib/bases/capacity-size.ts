import type { aws_sagemaker as sagemaker } from 'aws-cdk-lib';
import { Token } from 'aws-cdk-lib';
import { CAPACITY_VALUE_MINIMUM } from '../../decision/limits';
import { Problems } from '../private/problems';

/**
 * A part of a fleet: a share of its instances, or a number of them.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CapacitySize.html
 */
export class CapacitySize {
  /**
   * A share of the fleet's instances.
   *
   * SageMaker shifts whole instances, so 10 % of 4 instances is really 25 %: the plan shows what it becomes.
   *
   * @param percent 1-100, whole
   */
  public static percent(percent: number): CapacitySize {
    return new CapacitySize('CAPACITY_PERCENT', percent);
  }

  /**
   * A number of instances.
   *
   * @param count 1 or more, whole
   */
  public static instances(count: number): CapacitySize {
    return new CapacitySize('INSTANCE_COUNT', count);
  }

  private constructor(
    /** SageMaker's word for the unit: `CAPACITY_PERCENT` or `INSTANCE_COUNT`. */
    public readonly unit: string,
    /** How many of the unit. */
    public readonly value: number,
  ) {
    const problems = new Problems('CapacitySize');
    const noun = unit === 'INSTANCE_COUNT' ? 'instances' : 'percent';
    if (Token.isUnresolved(value)) {
      // The size decides how many steps a plan draws.
      problems.add('SizeUnknown', `${noun} must be a number that is known at synth, got a token`);
    } else {
      problems.require(
        Number.isInteger(value) && value >= CAPACITY_VALUE_MINIMUM,
        'SizeOutOfRange',
        () => `${noun} must be a whole number of at least ${CAPACITY_VALUE_MINIMUM}, got ${value}`,
      );
      if (unit === 'CAPACITY_PERCENT') {
        problems.require(!(value > 100), 'SizeOutOfRange', () => `percent must be at most 100, got ${value}`);
      }
    }
    problems.throwIfAny();
  }

  /**
   * The instances that this is of a fleet: at least one, at most all, rounded to the nearest whole one. SageMaker does
   * not document how it rounds.
   */
  public instancesOf(instanceCount: number): number {
    const wanted = this.unit === 'INSTANCE_COUNT' ? this.value : Math.round((this.value * instanceCount) / 100);
    return Math.min(instanceCount, Math.max(1, wanted));
  }

  /** For people: `25 %`, `1 instance`. */
  public toString(): string {
    if (this.unit === 'CAPACITY_PERCENT') return `${this.value} %`;
    return this.value === 1 ? '1 instance' : `${this.value} instances`;
  }

  /** As plain data, for snapshots and plans: `{ percent: 25 }` or `{ instances: 1 }`. */
  public toJson(): { [name: string]: unknown } {
    return this.unit === 'CAPACITY_PERCENT' ? { percent: this.value } : { instances: this.value };
  }

  /**
   * As the property of `AWS::SageMaker::Endpoint`.
   * @internal
   */
  public _render(): sagemaker.CfnEndpoint.CapacitySizeProperty {
    return { type: this.unit, value: this.value };
  }
}
