import { Readable } from 'node:stream';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { prune } from '../../../bin/commands/prune';
import { type Generation, type PruneFacts, prunable } from '../../../bin/operate/generations';

const STACK = 'arn:aws:cloudformation:us-east-1:123456789012:stack/Fraud/1';
const ARN = 'arn:aws:sagemaker:us-east-1:123456789012';

interface Config {
  readonly createdAt: number;
  readonly models: readonly string[];
  readonly stack?: string;
  readonly logicalId?: string;
}

/** An account behind the SDK's own wire. */
class Account {
  public readonly calls: string[] = [];
  public readonly configs = new Map<string, Config>();
  public readonly endpoints = new Map<string, { config: string; pending?: string; status?: string; tags?: string[] }>();
  public declared: string[] = [];
  public stackStatus = 'UPDATE_COMPLETE';
  public modelStack = STACK;

  public generation(version: number, changes: Partial<Config> = {}): void {
    const config = { createdAt: version, models: [`model-${version}`], stack: STACK, logicalId: 'Config', ...changes };
    this.configs.set(`config-${version}`, config);
  }

  private readonly operations: { readonly [operation: string]: (input: Record<string, string>) => unknown } = {
    DescribeEndpoint: ({ EndpointName: name = '' }) => {
      const { config, pending, status = 'InService' } = this.endpoints.get(name) ?? { config: 'none' };
      const PendingDeploymentSummary = pending === undefined ? undefined : { EndpointConfigName: pending };
      return {
        EndpointArn: `${ARN}:endpoint/${name}`,
        EndpointStatus: status,
        EndpointConfigName: config,
        PendingDeploymentSummary,
      };
    },
    ListEndpoints: () => ({ Endpoints: [...this.endpoints.keys()].map((EndpointName) => ({ EndpointName })) }),
    // One a page: nothing may be overlooked.
    ListEndpointConfigs: ({ NextToken = '0' }) => {
      const [name, config] = [...this.configs][Number(NextToken)];
      const next = Number(NextToken) + 1;
      return {
        EndpointConfigs: [
          {
            EndpointConfigName: name,
            EndpointConfigArn: `${ARN}:endpoint-config/${name}`,
            CreationTime: config.createdAt,
          },
        ],
        NextToken: next < this.configs.size ? `${next}` : undefined,
      };
    },
    DescribeEndpointConfig: ({ EndpointConfigName: name = '' }) => ({
      ProductionVariants: this.configs.get(name)?.models.map((ModelName) => ({ ModelName })),
    }),
    ListTags: ({ ResourceArn = '' }) => {
      const name = ResourceArn.split('/').at(-1) ?? '';
      const { stack, logicalId } = this.configs.get(name) ?? { stack: this.modelStack, logicalId: 'Model' };
      const keys = this.endpoints.get(name)?.tags ?? [];
      return {
        Tags: [
          ...(stack === undefined ? [] : [{ Key: 'aws:cloudformation:stack-id', Value: stack }]),
          ...(logicalId === undefined ? [] : [{ Key: 'aws:cloudformation:logical-id', Value: logicalId }]),
          ...keys.map((Key) => ({ Key, Value: 'x' })),
        ],
      };
    },
    DeleteEndpointConfig: () => ({}),
    DeleteModel: () => ({}),
  };

  private cloudFormation(action: string): string {
    const body =
      action === 'DescribeStacks'
        ? `<Stacks><member><StackStatus>${this.stackStatus}</StackStatus></member></Stacks>`
        : `<StackResourceSummaries>${this.declared.map((id) => `<member><PhysicalResourceId>${id}</PhysicalResourceId></member>`).join('')}</StackResourceSummaries>`;
    return `<${action}Response><${action}Result>${body}</${action}Result></${action}Response>`;
  }

  private readonly handle = async ({ headers, body }: { headers: Record<string, string>; body: string }) => {
    const target = headers['x-amz-target']?.split('.')[1];
    const input = target === undefined ? {} : JSON.parse(body);
    const action = target ?? new URLSearchParams(body).get('Action') ?? '';
    if (action.startsWith('Delete')) this.calls.push(`${action} ${Object.values(input)[0]}`);
    const text = target === undefined ? this.cloudFormation(action) : JSON.stringify(this.operations[action](input));
    return { response: { statusCode: 200, headers: {}, body: Readable.from([Buffer.from(text)]) } };
  };

  public async prune(options: { keep: number; yes?: boolean; json?: boolean }): Promise<string> {
    let text = '';
    const requestHandler = {
      handle: this.handle,
      destroy() {},
      updateHttpClientConfig() {},
      httpHandlerConfigs: () => ({}),
    };
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    await prune('fraud', options, {
      clients: { region: 'us-east-1', credentials, requestHandler: requestHandler as never, maxAttempts: 1 },
      write: (more) => {
        text += more;
      },
      tell: () => {},
      live: false,
      colors: false,
      width: 80,
      now: () => 0,
      sleep: async () => {},
    });
    return text;
  }
}

describe('rollouts prune', () => {
  let account: Account;

  beforeEach(() => {
    account = new Account();
    for (const version of [1, 2, 3, 4, 5, 6]) account.generation(version);
    account.endpoints.set('fraud', { config: 'config-6' });
    account.declared = [`${ARN}:endpoint-config/config-6`, `${ARN}:model/model-6`, 'fraud'];
  });

  test('says what it would delete, and deletes nothing', async () => {
    const text = await account.prune({ keep: 3 });
    expect(text.split('\n')).toEqual([
      'keeps         config config-6: serves, or is being updated to',
      'keeps         config config-5: one of the newest 3',
      'keeps         config config-4: one of the newest 3',
      'would delete  config config-3',
      'would delete  config config-2',
      'would delete  config config-1',
      'would delete  model model-3',
      'would delete  model model-2',
      'would delete  model model-1',
      'nothing was deleted; --yes does it',
      '',
    ]);
    expect(account.calls).toEqual([]);
  });

  test('deletes configs before models with --yes', async () => {
    const said = JSON.parse(await account.prune({ keep: 4, yes: true, json: true }));
    expect(said).toMatchObject({
      schemaVersion: 1,
      endpoint: 'fraud',
      deleted: true,
      configs: ['config-2', 'config-1'],
    });
    expect(account.calls).toEqual([
      'DeleteEndpointConfig config-2',
      'DeleteEndpointConfig config-1',
      'DeleteModel model-2',
      'DeleteModel model-1',
    ]);
  });

  test('keeps what another endpoint serves, what the stack declares, and models that a config that stays has', async () => {
    account.endpoints.set('copy', { config: 'config-1' });
    account.declared.push('config-2');
    account.generation(7, { models: ['model-3'], stack: 'another' });
    const said = JSON.parse(await account.prune({ keep: 0, json: true }));
    expect(said).toMatchObject({ configs: ['config-5', 'config-4', 'config-3'], models: ['model-5', 'model-4'] });
  });

  test('leaves models alone that another stack has made', async () => {
    account.modelStack = 'another';
    expect(JSON.parse(await account.prune({ keep: 3, json: true }))).toMatchObject({ models: [] });
  });

  test('says so where nothing is left over', async () => {
    expect(await account.prune({ keep: 6, yes: true })).toContain('nothing of fraud is left over');
  });

  test.each<[string, string, () => unknown]>([
    [
      'a rollout engine owns it',
      'EngineOwned',
      () => account.endpoints.set('fraud', { config: 'config-6', tags: ['cdk-sagemaker-rollouts:endpoint'] }),
    ],
    [
      'it is being updated',
      'EndpointBusy',
      () => account.endpoints.set('fraud', { config: 'config-6', status: 'Updating' }),
    ],
    [
      'an update is pending',
      'EndpointBusy',
      () => account.endpoints.set('fraud', { config: 'config-6', pending: 'config-5' }),
    ],
    ['its stack is being updated', 'StackBusy', () => (account.stackStatus = 'UPDATE_IN_PROGRESS')],
    ['no stack made what serves', 'NotOfAStack', () => account.generation(6, { stack: undefined })],
  ])('fails, and deletes nothing, when %s', async (_, code, spoil) => {
    spoil();
    await expect(account.prune({ keep: 0, yes: true })).rejects.toThrow(`[${code}]`);
    expect(account.calls).toEqual([]);
  });

  test('whatever there is, what is in use, declared or new stays, and so do its models', async () => {
    const name = fc.integer({ min: 1, max: 9 }).map((n) => `c${n}`);
    const generation = fc.record({
      config: name,
      createdAt: fc.integer({ min: 0, max: 5 }),
      models: fc.array(
        fc.integer({ min: 1, max: 4 }).map((n) => `m${n}`),
        { maxLength: 2 },
      ),
      madeBy: fc.constantFrom({ stackId: 's', logicalId: 'l' }, { stackId: 's', logicalId: 'x' }, undefined),
    });
    const generations = fc.uniqueArray(generation, { selector: ({ config }) => config });
    await fc.assert(
      fc.asyncProperty(generations, fc.array(name), fc.array(name), fc.nat(4), async (others, used, declared, keep) => {
        const served: Generation = {
          config: 'live',
          createdAt: 3,
          models: ['m1'],
          madeBy: { stackId: 's', logicalId: 'l' },
        };
        const facts: PruneFacts = {
          served: 'live',
          generations: [served, ...others],
          inUse: new Set(['live', ...used]),
          declared: new Set(declared),
          stackOfModel: async () => 's',
          keep,
        };
        const { configs, models } = await prunable(facts);
        const stays = facts.generations.filter(({ config }) => !configs.includes(config));
        for (const config of configs) expect([...facts.inUse, ...declared]).not.toContain(config);
        for (const model of models) expect(stays.flatMap((each) => each.models)).not.toContain(model);
        const own = facts.generations.filter(({ madeBy }) => madeBy?.logicalId === 'l');
        expect(own.length - configs.length).toBeGreaterThanOrEqual(Math.min(keep, own.length));
      }),
    );
  });
});
