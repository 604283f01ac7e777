import * as rollouts from 'cdk-sagemaker-rollouts';
import * as v from 'valibot';
import { closed, mustBe, readClosedYaml } from '../rehearsal/closed-yaml';
import { asBuilt, capacity, duration, number, rate, repositoryTag, s3Uri, text } from './model-file-values';

const strategy = v.pipe(
  closed({
    allAtOnce: v.optional(
      closed({ terminationWait: v.optional(duration), maximumExecutionTimeout: v.optional(duration) }),
    ),
    canary: v.optional(
      closed({
        canarySize: capacity,
        waitInterval: duration,
        terminationWait: v.optional(duration),
        maximumExecutionTimeout: v.optional(duration),
      }),
    ),
    linear: v.optional(
      closed({
        linearStepSize: capacity,
        waitInterval: duration,
        terminationWait: v.optional(duration),
        maximumExecutionTimeout: v.optional(duration),
      }),
    ),
    rolling: v.optional(
      closed({
        maximumBatchSize: capacity,
        waitInterval: duration,
        rollbackMaximumBatchSize: v.optional(capacity),
        maximumExecutionTimeout: v.optional(duration),
      }),
    ),
  }),
  exactlyOne(),
  asBuilt(({ allAtOnce, canary, linear, rolling }): rollouts.GuardrailStrategy => {
    if (canary !== undefined) return new rollouts.CanaryStrategy(canary);
    if (linear !== undefined) return new rollouts.LinearStrategy(linear);
    if (rolling !== undefined) return new rollouts.RollingStrategy(rolling);
    return new rollouts.AllAtOnceStrategy(allAtOnce);
  }),
);

const image = v.pipe(
  closed({ dlc: v.optional(repositoryTag), sagemaker: v.optional(repositoryTag), registry: v.optional(text) }),
  exactlyOne(),
);

const autoScaling = v.pipe(
  closed({
    minInstances: number,
    maxInstances: number,
    invocationsPerMinute: v.optional(number),
    concurrentRequests: v.optional(number),
    scaleInCooldown: v.optional(duration),
    scaleOutCooldown: v.optional(duration),
  }),
  v.check(
    ({ invocationsPerMinute: a, concurrentRequests: b }) => (a === undefined) !== (b === undefined),
    'must have invocationsPerMinute or concurrentRequests, and not both',
  ),
  asBuilt(({ invocationsPerMinute, concurrentRequests, ...props }) =>
    invocationsPerMinute !== undefined
      ? rollouts.AutoScaling.onInvocations({ ...props, target: invocationsPerMinute })
      : rollouts.AutoScaling.onConcurrentRequests({ ...props, target: concurrentRequests! }),
  ),
);

const hosting = v.pipe(
  closed({
    instanceType: text,
    initialInstanceCount: number,
    containerStartupHealthCheckTimeout: v.optional(duration),
    modelDataDownloadTimeout: v.optional(duration),
    requestsPerSecond: v.optional(number),
    autoScaling: v.optional(autoScaling),
  }),
  asBuilt((props) => rollouts.Hosting.instances(props)),
);

/** A version yet to come that gets a copy of live requests, and answers nobody. */
const shadow = closed({ version: text, samplingPercent: number, hosting: v.optional(hosting) });

const schema = closed({
  name: v.pipe(
    text,
    v.regex(/^[a-zA-Z][a-zA-Z0-9]*(-[a-zA-Z0-9]+)*$/, mustBe('letters, digits and inner hyphens')),
    v.maxLength(63, mustBe('63 characters at most')),
  ),
  description: v.optional(v.pipe(text, v.maxBytes(1024, mustBe('1024 bytes at most, which CloudFormation takes')))),
  versions: v.pipe(
    v.array(text, mustBe('a list of versions, the oldest first')),
    v.minLength(1, 'must name one version at least'),
    v.check((versions) => new Set(versions).size === versions.length, 'must name each version once'),
  ),
  containers: v.pipe(
    v.array(
      closed({
        hostname: v.optional(text),
        image,
        data: v.optional(s3Uri),
        environment: v.optional(v.record(text, text, mustBe('a mapping'))),
      }),
      mustBe('a list of containers'),
    ),
    v.minLength(1, 'must hold one container at least'),
  ),
  hosting,
  strategy,
  rollbackAlarms: v.pipe(
    closed({ errorRate: v.optional(rate), latencyP99: v.optional(duration) }),
    asBuilt((props) => rollouts.RollbackAlarm.recommended(props)),
  ),
  shadow: v.optional(shadow),
});

/** A model as its file declares it; `{version}` in a tag or a key stands for the version that is deployed. */
export type ModelFile = v.InferOutput<typeof schema>;

/** Reads the declaration of a model. @throws FileProblems with every problem, its line and its column */
export const readModelFile = (yaml: string, fileName: string): ModelFile => readClosedYaml(schema, yaml, fileName);

/** How long and how often is the file's business; which of several kinds, it must say exactly once. */
function exactlyOne<Value extends Record<string, unknown>>() {
  const kinds = (value: Value) => Object.keys(value).filter((kind) => value[kind] !== undefined);
  return v.check<Value, (issue: { readonly input: Value }) => string>(
    (value) => kinds(value).length === 1,
    ({ input }) => {
      const given = kinds(input);
      return `must be of exactly one kind, got ${given.length === 0 ? 'none' : given.join(' and ')}`;
    },
  );
}
