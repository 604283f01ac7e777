/**
 * Stands in for the SDK's reading of `~/.aws` when a handler is bundled: a function is configured by its environment, and
 * every client would look for the files at a cold start.
 */
export const loadSharedConfigFiles = async () => ({ configFile: {}, credentialsFile: {} });

/** The SDK's other readers of such files, none of which is bundled, want it by name. */
export const CONFIG_PREFIX_SEPARATOR = '.';
