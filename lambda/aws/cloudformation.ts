import { request } from 'node:https';

/** What CloudFormation sends to a custom resource. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html */
export interface CustomResourceEvent {
  readonly RequestType: string;
  readonly RequestId: string;
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: { readonly [name: string]: unknown };
}

/** Answers CloudFormation, at the address it gave. */
export type Respond = (url: string, body: string) => Promise<void>;

/** Puts the answer. The address is signed for a request without content type. */
export function respondByHttps(): Respond {
  return (url, body) =>
    new Promise((resolve, reject) => {
      const { hostname, pathname, search, port } = new URL(url);
      const headers = { 'content-type': '', 'content-length': Buffer.byteLength(body) };
      const options = {
        hostname,
        path: pathname + search,
        port: port === '' ? 443 : port,
        method: 'PUT',
        headers,
        timeout: 10_000,
      };
      const put = request(options, (response) => {
        response.resume();
        const status = response.statusCode ?? 0;
        if (status >= 200 && status < 300) resolve();
        else reject(new Error(`CloudFormation's answer address said ${status}`));
      });
      put.on('timeout', () => put.destroy(new Error("CloudFormation's answer address did not answer in time")));
      put.on('error', reject);
      put.end(body);
    });
}
