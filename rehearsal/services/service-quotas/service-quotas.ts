import { invokeOperation, type Operations } from '../operations';
import type { AwsService, Json } from '../service';

/** Quotas of instances on endpoints. An account has enough until it is said otherwise. */
export class ServiceQuotas implements AwsService {
  public readonly name = 'servicequotas';
  private readonly endpoints = new Map<string, number>();
  private readonly operations: Operations = { ListServiceQuotas: (input) => this.list(input) };

  constructor(
    /** `arn:aws:servicequotas:REGION:ACCOUNT`. */
    private readonly arnPrefix: string,
  ) {
    for (const type of ['ml.m5.large', 'ml.m5.xlarge', 'ml.c5.xlarge', 'ml.g4dn.xlarge'])
      this.endpoints.set(type, 1000);
  }

  /** Sets what all endpoints together may have of an instance type. */
  public set(instanceType: string, instances: number): void {
    this.endpoints.set(instanceType, instances);
  }

  public invoke(operation: string, input: Json): Json {
    return invokeOperation(this.name, this.operations, operation, input);
  }

  /** One a page: whoever reads a part of the list only has overlooked something. */
  // source: service-quotas
  private list({ ServiceCode, NextToken = '0' }: Json): Json {
    const all = ServiceCode === 'sagemaker' ? [...this.endpoints] : [];
    const at = Number(NextToken);
    const Quotas = all.slice(at, at + 1).map(([type, Value], i) => ({
      ServiceCode,
      ServiceName: 'Amazon SageMaker',
      QuotaArn: `${this.arnPrefix}:sagemaker/L-${at + i}`,
      QuotaCode: `L-${at + i}`,
      QuotaName: `${type} for endpoint usage`,
      Value,
      Adjustable: true,
      GlobalQuota: false,
    }));
    return { Quotas, ...(at + 1 < all.length && { NextToken: String(at + 1) }) };
  }
}
