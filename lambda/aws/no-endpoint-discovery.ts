const undecided = (): undefined => undefined;

/**
 * Stands in for the SDK's endpoint discovery when a handler is bundled: DynamoDB has it off by default, no function turns
 * it on, and its cache would be loaded at every cold start.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoint-discovery.html
 */
export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: undecided,
  configFileSelector: undecided,
  default: undefined,
};

/** Keeps a client's config as it is. */
export const resolveEndpointDiscoveryConfig = <Config>(config: Config): Config => config;
