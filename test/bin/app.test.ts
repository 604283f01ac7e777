import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CloudFormationValidatePlugin, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { build } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { addModels, synthesize } from '../../bin/synthesize';

const root = new URL('../..', import.meta.url).pathname;
const models = ['catalog-images', 'churn', 'dynamic-pricing', 'fraud', 'review-sentiment', 'search-ranking'];
const folder = () => mkdtempSync(join(tmpdir(), 'app-'));
const templateOf = (outdir: string, name: string) => readFileSync(join(outdir, `${name}.template.json`), 'utf8');

describe('the example models', () => {
  let newest: string;
  let oldest: string;
  beforeAll(() => {
    newest = synthesize(join(folder(), 'out'));
    oldest = synthesize(join(folder(), 'out'), { version: 1 });
  });

  test('are one stack each, with no account, no region and no look-up', () => {
    const manifest = JSON.parse(readFileSync(join(newest, 'manifest.json'), 'utf8'));
    const stacks = Object.entries<{ type: string; environment: string }>(manifest.artifacts).filter(
      ([, { type }]) => type === 'aws:cloudformation:stack',
    );
    expect(stacks.map(([name]) => name).sort()).toEqual(models);
    expect(new Set(stacks.map(([, { environment }]) => environment))).toEqual(
      new Set(['aws://unknown-account/unknown-region']),
    );
    expect(manifest.missing).toBeUndefined();
  });

  test('have a strategy of four kinds, one of them auto scaled', () => {
    const policies = models.map((name) => {
      const resources = Object.values<{ Type: string; Properties: Record<string, never> }>(
        JSON.parse(templateOf(newest, name)).Resources,
      );
      const endpoint = resources.find(({ Type }) => Type === 'AWS::SageMaker::Endpoint')!.Properties as unknown as {
        RetainAllVariantProperties?: boolean;
        DeploymentConfig: { BlueGreenUpdatePolicy?: { TrafficRoutingConfiguration: { Type: string } } };
      };
      const kind = endpoint.DeploymentConfig.BlueGreenUpdatePolicy?.TrafficRoutingConfiguration.Type ?? 'ROLLING';
      return `${name} ${kind}${endpoint.RetainAllVariantProperties === true ? ' scaled' : ''}`;
    });
    expect(policies).toEqual([
      'catalog-images LINEAR',
      'churn ALL_AT_ONCE',
      'dynamic-pricing CANARY scaled',
      'fraud CANARY',
      'review-sentiment ROLLING',
      'search-ranking LINEAR',
    ]);
  });

  test('put a version to come into the shadow of one of them', () => {
    const resources = Object.values<{ Type: string; Properties: Record<string, unknown> }>(
      JSON.parse(templateOf(newest, 'search-ranking')).Resources,
    );
    const config = resources.find(({ Type }) => Type === 'AWS::SageMaker::EndpointConfig')!.Properties;
    expect(config.ShadowProductionVariants).toMatchObject([{ InitialVariantWeight: 0.1, InitialInstanceCount: 1 }]);
    const data = resources.filter(({ Type }) => Type === 'AWS::SageMaker::Model').map((model) => JSON.stringify(model));
    expect(data.map((model) => /w\d+/.exec(model)?.[0]).sort()).toEqual(['w19', 'w20']);
  });

  test.each(models)('of %s have another model in another version, under the same logical id', (name) => {
    const modelOf = (outdir: string) =>
      Object.entries<{ Type: string }>(JSON.parse(templateOf(outdir, name)).Resources).find(
        ([, { Type }]) => Type === 'AWS::SageMaker::Model',
      )!;
    expect(modelOf(newest)[0]).toBe(modelOf(oldest)[0]);
    expect(modelOf(newest)[1]).not.toEqual(modelOf(oldest)[1]);
    expect(JSON.stringify(modelOf(newest)[1])).not.toContain('{version}');
  });

  test('are the same bytes again', () => {
    const again = synthesize(join(folder(), 'out'));
    for (const name of models) expect(templateOf(again, name)).toBe(templateOf(newest, name));
  });

  test('can be chosen by name', () => {
    const outdir = synthesize(join(folder(), 'out'), { models: ['fraud'] });
    expect(readdirSync(outdir).filter((name) => name.endsWith('.template.json'))).toEqual(['fraud.template.json']);
  });

  const findings = (...templatePaths: string[]) => {
    const stackTemplates = templatePaths.map((templatePath) => ({ templatePath, stackConstructPath: templatePath }));
    return new CloudFormationValidatePlugin().validate({ stackTemplates } as never).violations;
  };

  test('pass the rules of AWS for templates without a finding', () => {
    expect(findings(...models.map((name) => join(newest, `${name}.template.json`)))).toEqual([]);
    // The same rules do find a misspelt property.
    const misspelt = join(folder(), 'misspelt.template.json');
    writeFileSync(misspelt, templateOf(newest, 'fraud').replace('"InitialInstanceCount"', '"InitialInstances"'));
    expect(JSON.stringify(findings(misspelt))).toContain('InitialInstances');
  });

  test('pass cdk-nag with the reasons that the app gives', () => {
    const app = new App({ builtinCloudFormationValidation: false });
    addModels(app);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });
});

describe('a wrong choice', () => {
  test.each<[string, Parameters<typeof synthesize>[1], string]>([
    [
      'fails on a model that does not exist',
      { models: ['frued'] },
      "there is no model called 'frued', known are catalog-images, churn",
    ],
    [
      'fails on a version that does not exist',
      { models: ['fraud'], version: 3 },
      "version must be from 1 to 2 for 'fraud', got 3",
    ],
    ['fails on a version that is no number', { version: Number('newest') }, 'got NaN'],
    ['fails on a folder without models', { directory: folder() }, 'must hold the .yaml file of a model'],
  ])('%s, and writes nothing', (_name, choice, message) => {
    const parent = folder();
    expect(() => synthesize(join(parent, 'out'), choice)).toThrow(message);
    expect(readdirSync(parent)).toEqual([]);
  });

  test('fails rather than replace a folder that holds something else', () => {
    const precious = folder();
    writeFileSync(join(precious, 'thesis.txt'), 'years');
    expect(() => synthesize(precious)).toThrow('must be a folder of synthesized templates');
    expect(existsSync(join(precious, 'thesis.txt'))).toBe(true);
  });
});

describe('the app', () => {
  const app = join(root, 'dist', 'test', 'app.js');
  beforeAll(() =>
    build({
      entryPoints: [join(root, 'bin/app.ts')],
      outfile: app,
      bundle: true,
      platform: 'node',
      alias: { 'cdk-sagemaker-rollouts': join(root, 'lib/index.ts') },
      external: ['aws-cdk-lib', 'constructs'],
      tsconfigRaw: {},
    }),
  );
  const run = (context: Record<string, unknown>) => {
    const outdir = join(folder(), 'out');
    const env = {
      ...process.env,
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify(context),
      CDK_VALIDATION: 'false',
    };
    const { status, stderr } = spawnSync(process.execPath, [app], { env, encoding: 'utf8', cwd: root });
    return {
      status,
      stderr,
      written: existsSync(outdir) ? readdirSync(outdir).filter((name) => name.endsWith('.json')) : [],
    };
  };

  test('synthesizes the version that the context names, as synthesize does', () => {
    const { status, written } = run({ version: '1' });
    expect(status).toBe(0);
    expect(written).toEqual(expect.arrayContaining(models.map((name) => `${name}.template.json`)));
  });

  test('fails with every problem of every file, without a stack trace and with nothing written', () => {
    const directory = folder();
    cpSync(join(root, 'bin/models'), directory, { recursive: true });
    const rewrite = (name: string, from: string, to: string) => {
      const path = join(directory, name);
      writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
    };
    rewrite('fraud.yaml', '25%', '51%');
    rewrite('churn.yaml', 'allAtOnce', 'bigBang');
    const { status, stderr, written } = run({ models: directory });
    expect(status).toBe(1);
    expect(written).toEqual([]);
    expect(stderr).toMatch(/churn\.yaml:\d+:\d+: strategy\.bigBang is not known here/);
    expect(stderr).toMatch(/fraud\.yaml:\d+:\d+: strategy is refused: CanaryStrategy/);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('fails on a version in words', () => {
    const { status, stderr, written } = run({ version: 'newest' });
    expect({ status, written }).toEqual({ status: 1, written: [] });
    expect(stderr).toBe("version must be a number, the oldest being 1, got 'newest'\n");
  });
});
