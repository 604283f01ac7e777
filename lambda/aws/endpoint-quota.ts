import { paginateListServiceQuotas, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';

/**
 * How many instances of a type all endpoints of the account may have together; undefined where AWS does not say.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/sagemaker.html
 */
export function endpointQuota(client: ServiceQuotasClient = new ServiceQuotasClient({})) {
  return async (instanceType: string): Promise<number | undefined> => {
    const name = `${instanceType} for endpoint usage`;
    for await (const { Quotas = [] } of paginateListServiceQuotas({ client }, { ServiceCode: 'sagemaker' })) {
      const found = Quotas.find(({ QuotaName }) => QuotaName === name);
      if (found !== undefined) return found.Value;
    }
    return undefined;
  };
}
