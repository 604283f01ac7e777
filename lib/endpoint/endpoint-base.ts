import {
  type aws_cloudwatch as cloudwatch,
  aws_iam as iam,
  type interfaces,
  Resource,
  Stack,
  type aws_sagemaker as sagemaker,
  Token,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { SAGEMAKER_NAME } from '../../decision/model-limits';
import type { Fleet, LatencyMetricOptions } from '../bases/fleet';
import type { Problems } from '../private/problems';

/**
 * The variant that serves is called so, always: guardrails and auto scaling want a name that stays, and a rollout
 * engine can take it over.
 */
export const VARIANT = 'a';

/** What every endpoint has, whoever owns it: an ARN, grants, and metrics of its variant. */
export abstract class EndpointBase extends Resource implements sagemaker.IEndpoint {
  /** The endpoint's name. */
  public abstract readonly endpointName: string;
  /** The endpoint's ARN. */
  public abstract readonly endpointArn: string;
  /** Every fleet of the variant that serves, old and new together. */
  public abstract readonly variant: Fleet;

  /** A reference to this endpoint. */
  public get endpointRef(): interfaces.aws_sagemaker.EndpointReference {
    return { endpointArn: this.endpointArn };
  }

  /** Lets somebody ask for predictions. */
  public grantInvoke(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, 'sagemaker:InvokeEndpoint');
  }

  /** Lets somebody ask for predictions that are answered through S3. */
  public grantInvokeAsync(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, 'sagemaker:InvokeEndpointAsync');
  }

  /** Lets somebody ask for predictions that are answered bit by bit. */
  public grantInvokeWithResponseStream(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, 'sagemaker:InvokeEndpointWithResponseStream');
  }

  /** Lets somebody read what serves. */
  public grantDescribe(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, 'sagemaker:DescribeEndpoint');
  }

  /** Lets somebody do something with this endpoint. */
  public grant(grantee: iam.IGrantable, ...actions: string[]): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions, resourceArns: endpointArns(this.endpointArn) });
  }

  /** Any invocation metric of the variant, a minute at a time. */
  public metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.variant.metric(metricName, options);
  }

  /** Requests: `Sum`. */
  public metricInvocations(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.variant.metricInvocations(options);
  }

  /** Requests for each instance: `Sum`. */
  public metricInvocationsPerInstance(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.variant.metricInvocationsPerInstance(options);
  }

  /** Share of requests that the model answered with 4xx, 0-1: `Average`. */
  public metricClientErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.variant.metricClientErrors(options);
  }

  /** Share of requests that the model answered with 5xx, 0-1: `Average`. */
  public metricServerErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.variant.metricServerErrors(options);
  }

  /** Share of requests that did not end in 2xx, 0-1: `Average`. */
  public metricInvocationModelErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.variant.metricInvocationModelErrors(options);
  }

  /** Time the model took, in microseconds. */
  public metricModelLatency(options?: LatencyMetricOptions): cloudwatch.Metric {
    return this.variant.metricModelLatency(options);
  }

  /** Time SageMaker added, in microseconds. */
  public metricOverheadLatency(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.variant.metricOverheadLatency(options);
  }

  /** CPU, percent of one core: `Average`. */
  public metricCpuUtilization(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.variant.metricCpuUtilization(options);
  }

  /** Memory, percent: `Average`. */
  public metricMemoryUtilization(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.variant.metricMemoryUtilization(options);
  }

  /** Disk, percent: `Average`. */
  public metricDiskUtilization(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.variant.metricDiskUtilization(options);
  }

  /** GPU, percent of one GPU: `Average`. */
  public metricGpuUtilization(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.variant.metricGpuUtilization(options);
  }

  /** GPU memory, percent of one GPU: `Average`. */
  public metricGpuMemoryUtilization(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.variant.metricGpuMemoryUtilization(options);
  }
}

/** A name as SageMaker takes it. */
export function requireEndpointName(problems: Problems, endpointName: string): void {
  problems.require(
    Token.isUnresolved(endpointName) || SAGEMAKER_NAME.test(endpointName),
    'EndpointName',
    () => `endpointName must be 1 to 63 letters, digits and inner hyphens, got '${endpointName}'`,
  );
}

/** Names of the endpoints of a stack, in lower case, and which construct has each. */
const claimed = new WeakMap<Stack, Map<string, string>>();

/**
 * An endpoint has one owner. SageMaker tells names apart without regard to case.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html
 */
export function claimEndpointName(problems: Problems, owner: EndpointBase, endpointName: string): void {
  if (Token.isUnresolved(endpointName)) return;
  const stack = Stack.of(owner);
  const names = claimed.get(stack) ?? new Map<string, string>();
  claimed.set(stack, names);
  const other = names.get(endpointName.toLowerCase());
  problems.require(
    other === undefined,
    'EndpointNameTaken',
    () => `endpointName must be another one than that of ${other} in the same stack, got '${endpointName}'`,
  );
  names.set(endpointName.toLowerCase(), owner.node.path);
}

/** The ARN that an endpoint of this name has, in the account and region of the stack. */
export function endpointArnOf(scope: Construct, endpointName: string): string {
  return Stack.of(scope).formatArn({ service: 'sagemaker', resource: 'endpoint', resourceName: endpointName });
}

/** ARNs by which IAM may know an endpoint. */
export function endpointArns(endpointArn: string): string[] {
  const slash = endpointArn.lastIndexOf('/');
  const name = endpointArn.slice(slash + 1);
  if (slash < 0 || Token.isUnresolved(name)) return [endpointArn];
  return spellings(name).map((each) => endpointArn.slice(0, slash + 1) + each);
}

/** SageMaker writes names in ARNs in lower case, and a policy tells upper from lower case. */
export function spellings(endpointName: string): string[] {
  return [...new Set([endpointName, endpointName.toLowerCase()])];
}
