import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Stands in for the SDK's chain of credential providers when a handler is bundled: Lambda hands a function its role's
 * credentials in environment variables, and profiles, SSO and instance metadata would only be dead weight to load.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export const defaultProvider = fromEnv;
