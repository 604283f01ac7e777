import { resolveEndpointConfig } from '@smithy/core/endpoints';

/** The SDK's own finder; a client calls it with more, which it does not need for this. */
const resolve = resolveEndpointConfig as unknown as (input: { readonly serviceId: string }) => {
  serviceConfiguredEndpoint(): Promise<string | undefined>;
};

/**
 * Where AWS is looked for instead of AWS: `AWS_ENDPOINT_URL`, a variable of the service's own, or the profile, as every SDK
 * finds it. Undefined where AWS itself is.
 *
 * @param serviceId as in the service's model, such as `Lambda`
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export async function configuredEndpoint(serviceId: string): Promise<URL | undefined> {
  const found = await resolve({ serviceId }).serviceConfiguredEndpoint();
  return found === undefined ? undefined : new URL(found);
}
