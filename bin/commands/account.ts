import { paginateListServiceQuotas, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

/** What `rollouts doctor` may ask an AWS account; a test gives its own. It only reads. */
export interface Account {
  /** Region and account number of the credentials; throws where there are none that work. */
  identity(): Promise<{ readonly account: string; readonly region: string }>;
  /** Version of CDK's bootstrap stack; undefined where there is none. */
  bootstrapVersion(parameter: string): Promise<number | undefined>;
  /** Instances that SageMaker lets endpoints have, by instance type. */
  endpointQuotas(): Promise<ReadonlyMap<string, number>>;
}

/** The account that the usual chain of credentials leads to. */
export function awsAccount(): Account {
  const sts = new STSClient({});
  return {
    async identity() {
      const { Account = '' } = await sts.send(new GetCallerIdentityCommand({}));
      return { account: Account, region: await sts.config.region() };
    },
    async bootstrapVersion(Name) {
      try {
        const { Parameter } = await new SSMClient({}).send(new GetParameterCommand({ Name }));
        return Number(Parameter?.Value);
      } catch (error) {
        if ((error as Error).name === 'ParameterNotFound') return undefined;
        throw error;
      }
    },
    async endpointQuotas() {
      const quotas = new Map<string, number>();
      const pages = paginateListServiceQuotas({ client: new ServiceQuotasClient({}) }, { ServiceCode: 'sagemaker' });
      for await (const { Quotas = [] } of pages) {
        for (const { QuotaName = '', Value } of Quotas) {
          const [, instanceType] = /^(ml\.\S+) for endpoint usage$/.exec(QuotaName) ?? [];
          if (instanceType !== undefined && Value !== undefined) quotas.set(instanceType, Value);
        }
      }
      return quotas;
    },
  };
}
