import type { AwsWire } from '../../lambda/aws-wire';
import { LambdaFunction } from '../../lambda/lambda-function';
import type { WorldLog } from '../../log';
import type { Clock } from '../../time/clock';
import type { RandomStream } from '../../time/random';
import { type Properties, ResourceFailure, type ResourceProvider, type ResourceRequest } from '../resource-provider';
import type { Roles } from './iam';
import { arnOf } from './passive';

/** What functions of a world need. */
export interface FunctionsPorts {
  readonly clock: Clock;
  readonly log: WorldLog;
  readonly wire: AwsWire;
  readonly roles: Roles;
  /** Randomness for one function, by its logical id. */
  readonly random: (logicalId: string) => RandomStream;
  /** The folder of an asset by its hash; undefined when the assembly has none. */
  readonly asset: (hash: string) => string | undefined;
}

/** The functions of a world, by name and by ARN. */
export class Functions {
  private readonly byName = new Map<string, LambdaFunction>();

  /** Fails when there is no such function. */
  public get(nameOrArn: string): LambdaFunction {
    const name = nameOrArn.split(':function:').at(-1)?.split(':')[0] ?? '';
    const found = this.byName.get(name);
    if (found === undefined) throw new ResourceFailure(`function not found: ${nameOrArn}`);
    return found;
  }

  public has(nameOrArn: string): boolean {
    return this.byName.has(nameOrArn.split(':function:').at(-1)?.split(':')[0] ?? '');
  }

  public set(name: string, lambda: LambdaFunction): void {
    this.byName.set(name, lambda);
  }

  public remove(name: string): void {
    this.byName.delete(name);
  }
}

// source: lambda-function
export function functionProvider(functions: Functions, ports: FunctionsPorts): ResourceProvider {
  const put = (request: ResourceRequest, name: string, properties: Properties) => {
    const arn = arnOf(request, name);
    const { Role: role, Environment: environment } = properties;
    const wire = ports.wire.as({ roleArn: role, session: name, policies: () => ports.roles.policies(role) });
    const definition = {
      name,
      arn,
      directory: codeOf(request.logicalId, properties, ports),
      handler: properties['Handler'],
      timeoutSeconds: Number(properties['Timeout'] ?? 3),
      memoryMegabytes: Number(properties['MemorySize'] ?? 128),
      environment: { AWS_REGION: request.stack.region, ...environment?.Variables },
    };
    const random = ports.random(request.logicalId);
    functions.set(name, new LambdaFunction(definition, { clock: ports.clock, log: ports.log, random, wire }));
    return { id: name, attributes: { FunctionName: name, Arn: arn } };
  };
  return {
    async create(request, properties) {
      return put(request, properties['FunctionName'] ?? `${request.stack.name}-${request.generatedName}`, properties);
    },
    async update(request, properties, physical) {
      return put(request, physical.id, properties);
    },
    async delete(_request, { id }) {
      functions.remove(id);
    },
  };
}

function codeOf(
  logicalId: string,
  { Code: code, PackageType: packageType }: Properties,
  ports: FunctionsPorts,
): string {
  const key: string | undefined = code?.S3Key;
  if (packageType === 'Image' || key === undefined) {
    throw new Error(`the code of function ${logicalId} must be a file asset: images and inline code are not rehearsed`);
  }
  const folder = ports.asset(key.replace(/^.*\//, '').replace(/\.zip$/, ''));
  if (folder === undefined) throw new Error(`the code of function ${logicalId}, ${key}, is not in the cloud assembly`);
  return folder;
}
