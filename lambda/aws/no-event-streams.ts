/** Keeps a client's config as it is: see below. */
export const resolveEventStreamSerdeConfig = <Config>(config: Config): Config => config;

/**
 * Stands in for the SDK's event streams when a handler is bundled: S3 Select and its kind are never called from here,
 * and their codec would be loaded at every cold start.
 */
export class EventStreamSerde {
  constructor() {
    throw new Error('event streams are not part of this bundle');
  }
}

/** The same, where a client asks for one. */
export const eventStreamSerdeProvider = (): EventStreamSerde => new EventStreamSerde();
