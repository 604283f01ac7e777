import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { LiveEndpoint } from '../../decision';
import { endpointControl } from '../../lambda/aws/endpoint-control';
import { type RolloutRecord, rolloutRecord } from '../../lambda/aws/rollout-record';
import { ask, type Decision } from './ask';
import { AwsClock } from './aws-clock';
import { attempt, inWords } from './aws-words';
import { minute } from './show-rollout';
import type { Surroundings } from './surroundings';

/** One endpoint, as the commands reach it. */
export interface Connection {
  readonly endpoint: string;
  readonly record: Pick<RolloutRecord, 'lock' | 'get' | 'list'>;
  /** What SageMaker says serves; undefined when nothing does. */
  readonly describe: () => Promise<LiveEndpoint | undefined>;
  /** Tells the engine what a person has decided; what it answers is a sentence. */
  readonly decide: (decision: Omit<Decision, 'endpoint'>) => Promise<string>;
  /** The clock of the record, and whether a rehearsal keeps it. */
  readonly clock: Pick<AwsClock, 'now' | 'rehearsed'>;
}

/** Where `ModelDeployment` writes down where its record and its door are. */
const PARAMETER_PREFIX = '/cdk-sagemaker-rollouts/';

/**
 * Finds the record and the door of an endpoint, by the parameter that its deployment has written.
 *
 * @throws Error in words where there is no such endpoint, or AWS refuses
 */
export async function connect(endpoint: string, { clients, now, tell }: Surroundings): Promise<Connection> {
  const clock = new AwsClock(now);
  const ssm = new SSMClient({ ...clients });
  clock.follow(ssm);
  const { table, door } = await address(endpoint, ssm);
  // Nobody may take one for the other.
  if (clock.rehearsed) tell(`a rehearsal answers, and no account: it is ${minute(iso(clock.now()))} there\n`);
  const dynamodb = new DynamoDBClient({ ...clients });
  clock.follow(dynamodb);
  const record = rolloutRecord(table, dynamodb);
  const reading = `the record of ${endpoint} could not be read`;
  return {
    endpoint,
    record: {
      lock: (name) => attempt(reading, () => record.lock(name)),
      get: (pk, sk) => attempt(reading, () => record.get(pk, sk)),
      list: (pk, prefix, newest) => attempt(reading, () => record.list(pk, prefix, newest)),
    },
    describe: () => endpointControl(new SageMakerClient({ ...clients })).describe(endpoint),
    decide: (decision) => ask(dynamodb, door, { ...decision, endpoint }),
    clock,
  };
}

const iso = (milliseconds: number) => new Date(milliseconds).toISOString();

async function address(endpoint: string, client: SSMClient): Promise<{ table: string; door: string }> {
  const Name = `${PARAMETER_PREFIX}${endpoint}`;
  let value: string | undefined;
  try {
    value = (await client.send(new GetParameterCommand({ Name }))).Parameter?.Value;
  } catch (error) {
    if ((error as Error).name === 'ParameterNotFound' || (error as Error).name === 'ValidationException') {
      const region = await client.config.region();
      throw new Error(
        `endpoint must be one that a ModelDeployment owns in ${region}, got '${endpoint}'; name it as endpointName does, or use --region [UnknownEndpoint]`,
      );
    }
    throw inWords(error, `endpoint ${endpoint} could not be looked up`);
  }
  try {
    const { schemaVersion, table, door } = JSON.parse(value ?? '') as { [name: string]: unknown };
    if (schemaVersion === 1 && typeof table === 'string' && typeof door === 'string') return { table, door };
  } catch {
    // Said below.
  }
  throw new Error(`parameter ${Name} must be as a ModelDeployment writes it; deploy it again [AddressUnreadable]`);
}
