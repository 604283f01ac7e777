import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';

let client: CloudWatchClient | undefined;

/** The client that all doors to CloudWatch share in a function: one to make at a cold start, one set of connections. */
export function cloudWatchClient(): CloudWatchClient {
  client ??= new CloudWatchClient({});
  return client;
}
