import { resolveEndpointConfig } from '@smithy/core/endpoints';

/**
 * Where AWS is looked for instead of AWS: `AWS_ENDPOINT_URL`, a variable of the service's own, or the profile, as every SDK
 * finds it. Undefined where AWS itself is.
 *
 * @param serviceId as in the service's model, such as `Lambda`
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export async function configuredEndpoint(serviceId: string): Promise<URL | undefined> {
  const { serviceConfiguredEndpoint } = resolveEndpointConfig({ serviceId } as Parameters<
    typeof resolveEndpointConfig
  >[0]);
  const found = await serviceConfiguredEndpoint?.();
  return found === undefined ? undefined : new URL(found);
}
