import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineScenario, ORDINARY } from '../../../rehearsal/scenario';
import { IDENTICAL } from '../../../rehearsal/scenario-data';
import { readScenario } from '../../../rehearsal/scenario-file';
import { behaviourAt } from '../../../rehearsal/traffic/behaviour-now';

const MINIMAL = 'name: a\ntraffic: 100 rps\nexpect: { outcome: promoted }\n';
const read = (text: string) => readScenario(text, 'a.yaml');
const problemsOf = (text: string): string[] => {
  try {
    read(text);
  } catch (error) {
    return (error as Error).message.split('\n');
  }
  return [];
};

describe('a scenario file', () => {
  it('may say that every answer is an error, and nothing of client errors', () => {
    const both = `${MINIMAL}champion: { clientErrors: 2% }\nchallenger: { errors: 99% }\n`;
    const { champion, challenger, ...rest } = read(`${both}changes:\n  - { at: 5m, challenger: { errors: 100% } }`);
    expect(champion).toMatchObject({ errorRate: 0.001, clientErrorRate: 0.02 });
    expect(challenger.errorRate + challenger.clientErrorRate).toBe(1);
    const { challenger: later } = behaviourAt({ champion, challenger, ...rest }, 300);
    expect(later.errorRate).toBe(1);
  });

  it('reads quantities with their units', () => {
    const scenario = read(`
name: all
description: everything said
models: [fraud, churn]
traffic: 2.5 rps
champion: { errors: 0.5%, clientErrors: 2%, latency: { p50: 30ms, p99: 1.5s }, capacity: 80 rps, startup: healthy }
challenger: { errors: 30%, startup: crashes }
changes:
  - at: 90s
    traffic: 0 rps
  - at: 1h
    champion: { errors: 1% }
    challenger: { latency: { p99: 2s } }
expect: { outcome: rolledBack, serves: champion, badRequests: 200 }
`);
    expect(scenario).toEqual({
      name: 'all',
      description: 'everything said',
      models: ['fraud', 'churn'],
      requestsPerSecond: 2.5,
      champion: {
        errorRate: 0.005,
        clientErrorRate: 0.02,
        latencyP50: 30,
        latencyP99: 1500,
        capacityPerInstance: 80,
        startup: 'healthy',
      },
      challenger: {
        errorRate: 0.3,
        clientErrorRate: 0.02,
        latencyP50: 30,
        latencyP99: 1500,
        capacityPerInstance: 80,
        startup: 'crashes',
      },
      changes: [
        { atSeconds: 90, requestsPerSecond: 0 },
        { atSeconds: 3600, champion: { errorRate: 0.01 }, challenger: { latencyP99: 2000 } },
      ],
      people: [],
      expect: { outcome: 'rolledBack', servedConfig: 'champion', maximumBadRequests: 200 },
    });
  });

  it('gives an ordinary champion, and a challenger like it, when nothing else is said', () => {
    const scenario = read(MINIMAL);
    expect(scenario.champion).toEqual(ORDINARY);
    expect(scenario.challenger).toEqual(ORDINARY);
    expect(scenario.changes).toEqual([]);
    expect(read(`${MINIMAL}champion: { errors: 0% }`).challenger.errorRate).toBe(0);
  });

  it.each([
    ['unreadable YAML', 'name: [a\ntraffic: 1 rps', /^a\.yaml:\d+:\d+: /],
    ['a key that JavaScript knows', `${MINIMAL}constructor: 1`, 'a.yaml:4:1: constructor is not known here'],
    [
      'a key of all objects',
      `${MINIMAL}challenger: { __proto__: 1 }`,
      'a.yaml:4:15: challenger.__proto__ is not known',
    ],
    ['a number for a key', `${MINIMAL}5: 6`, 'a.yaml:4:1: 5 is not known here'],
    ['a list for a key', `${MINIMAL}? [a, b]\n: c`, 'a.yaml:4:3: a key must be text'],
    ['a number that is none', `${MINIMAL}models: [.nan]`, 'models[0] must be text (put it in quotes), got NaN'],
    ['two documents', `${MINIMAL}---\n${MINIMAL}`, 'a.yaml:4:1: a file must hold one document'],
    ['an unknown key', `${MINIMAL}trafic: 1 rps`, 'a.yaml:4:1: trafic is not known here'],
    ['a missing key', 'name: a\ntraffic: 1 rps', 'a.yaml:1:1: expect is missing'],
    [
      'a number without its unit',
      MINIMAL.replace('100 rps', '100'),
      "a.yaml:2:10: traffic must be requests a second such as '100 rps', got 100",
    ],
    [
      'a rate as a number',
      `${MINIMAL}challenger: { errors: 0.3 }`,
      'a.yaml:4:23: challenger.errors must be a percentage such as 30%, got 0.3',
    ],
    [
      'a rate over 100 %',
      `${MINIMAL}challenger: { errors: 200% }`,
      'a.yaml:4:23: challenger.errors must be at most 100%',
    ],
    ['a wrong word', MINIMAL.replace('promoted', 'success'), 'expect.outcome must be one of promoted'],
    ['a wrong unit', `${MINIMAL}champion: { latency: { p50: 40 minutes } }`, 'champion.latency.p50 must be a latency'],
    ['a percentile below the median', `${MINIMAL}challenger: { latency: { p50: 300ms } }`, 'a.yaml:4:'],
    [
      'an inherited contradiction',
      `${MINIMAL}challenger: { latency: { p50: 300ms } }`,
      'must be at least the median of 300 ms, got 150 ms',
    ],
    [
      'more errors than requests',
      `${MINIMAL}challenger: { errors: 60%, clientErrors: 50% }`,
      'at most 1 (100 %) together',
    ],
    ['changes out of order', `${MINIMAL}changes: [{ at: 10m }, { at: 5m }]`, 'must not be before the change above it'],
    ['a list where a mapping must be', `${MINIMAL}champion: [1]`, 'champion must be a mapping'],
    ['nothing at all', '', 'a.yaml:1:1: '],
    [
      'an alias',
      `${MINIMAL}champion: &x { errors: 1% }\nchallenger: *x`,
      'a.yaml:5:13: the alias *x is not known here',
    ],
    ['a key twice', `${MINIMAL}name: b`, 'a.yaml:4:'],
  ])('fails on %s, with its place', (_what, text, expected) => {
    const problems = problemsOf(text);
    expect(problems.join('\n')).toMatch(expected instanceof RegExp ? expected : new RegExp(literally(expected)));
  });

  describe('about the data that gates look at', () => {
    it('says what both versions answer', () => {
      const text = `${MINIMAL}predictions: { disagree: 8%, unreadable: 0.5%, inferenceIds: false, capturedPerHour: 50 }`;
      expect(read(text).predictions).toEqual({
        ...IDENTICAL,
        disagreementRate: 0.08,
        unreadableRate: 0.005,
        inferenceIds: false,
        capturedPerHour: 50,
      });
      expect(read(`${MINIMAL}predictions: {}`).predictions).toEqual(IDENTICAL);
      expect(read(MINIMAL)).not.toHaveProperty('predictions');
    });

    it('says what stands in S3, in the file or beside it', () => {
      const folder = mkdtempSync(join(tmpdir(), 'reports-'));
      try {
        writeFileSync(join(folder, 'v7.json'), '{"auc":0.9}');
        const text = `${MINIMAL}reports: [{ at: 's3://b/v7.json', file: v7.json }, { at: v6.json, content: { auc: 1 } }]`;
        expect(readScenario(text, join(folder, 'a.yaml')).reports).toEqual([
          { at: 's3://b/v7.json', content: '{"auc":0.9}' },
          { at: 'v6.json', content: { auc: 1 } },
        ]);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    it('says what the callers publish, and what changes', () => {
      const scenario = read(`${MINIMAL}predictions: { shift: 0.1 }
metrics:
  - { namespace: Shop, name: Orders, dimensions: { Market: DE }, rate: { champion: 30%, challenger: 28% } }
changes:
  - at: 1h
    predictions: { disagree: 5% }
    metrics: [{ namespace: Shop, name: Revenue, mean: { champion: 12 }, spread: 0 }]
`);
      expect(scenario.metrics).toEqual([
        {
          namespace: 'Shop',
          metricName: 'Orders',
          dimensions: { Market: 'DE' },
          rate: { champion: 0.3, challenger: 0.28 },
        },
      ]);
      expect(behaviourAt(scenario, 3599)).toMatchObject({ predictions: { shift: 0.1, disagreementRate: 0 } });
      expect(behaviourAt(scenario, 3600)).toMatchObject({
        predictions: { shift: 0.1, disagreementRate: 0.05 },
        metrics: [{ metricName: 'Revenue', mean: { champion: 12 }, spread: 0 }],
      });
    });

    it.each([
      ['predictions: { disagree: 0.08 }', 'a.yaml:4:26: predictions.disagree must be a percentage'],
      ['predictions: { noise: -1 }', 'a.yaml:4:23: predictions.noise must be 0 or more, got -1'],
      ['predictions: { labels: [yes] }', 'predictions.labels must be none or at least two'],
      ['predictions: { labels: [spam, ham], shift: 1 }', 'predictions.shift is for scores, and there are labels'],
      ['predictions: { answer: score }', "predictions.answer must hold {prediction}, got 'score'"],
      ['predictions: { capturedPerHour: 0 }', 'predictions.capturedPerHour must be 1 or more, got 0'],
      ['predictions: { agree: 1% }', 'predictions.agree is not known here'],
      ['changes: [{ at: 1m, predictions: { shift: 1 } }]', 'it says nothing of predictions'],
      ['reports: [{ at: s3://b/k }]', 'must have either a file or its content'],
      ['reports: [{ at: s3://b/k, file: nowhere.json }]', "must name a file beside the scenario, got 'nowhere.json'"],
      ['reports: [{ at: s3://b, content: {} }]', "reports[0].at must be s3://bucket/key, or a key, got 's3://b'"],
      ['metrics: [{ namespace: Shop, name: Orders }]', 'metrics[0] must have either a rate or a mean'],
      ['metrics: [{ namespace: Shop, name: Orders, rate: { champion: 3 } }]', 'metrics[0].rate.champion must be a per'],
      ['metrics: [{ namespace: S, name: O, mean: { champion: 0 } }]', 'metrics[0].mean.champion must be above 0'],
      ['metrics: [{ namespace: S, name: O, mean: { champion: 1 }, spread: -1 }]', 'spread must be 0 or more, got -1'],
    ])('fails on %s', (text, expected) => {
      const problems = problemsOf(MINIMAL + text);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toContain(expected);
    });
  });

  it('fails with all problems at once', () => {
    const problems = problemsOf('name: 5\ntraffic: fast\nchallenger: { errors: 300%, speed: 1 }\nexpect: {}');
    expect(problems).toHaveLength(5);
    for (const problem of problems) expect(problem).toMatch(/^a\.yaml:\d+:\d+: \S+/);
  });

  it('never fails without telling a place, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (text) => {
        const problems = problemsOf(text);
        expect(problems.length).toBeGreaterThan(0);
        expect(problems[0]).toMatch(/^a\.yaml:\d+:\d+: /);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a scenario in code', () => {
  it('is the same as the file', () => {
    const inCode = defineScenario({
      name: 'a',
      requestsPerSecond: 100,
      challenger: { errorRate: 0.3 },
      expect: { outcome: 'rolledBack' },
    });
    const inFile = read('name: a\ntraffic: 100 rps\nchallenger: { errors: 30% }\nexpect: { outcome: rolledBack }');
    expect(inCode).toEqual(inFile);
  });

  it('fails with all problems at once', () => {
    const bad = () =>
      defineScenario({
        name: 'bad',
        requestsPerSecond: Number.NaN,
        challenger: { errorRate: 2, latencyP50: 0 },
        changes: [{ atSeconds: -1 }],
        expect: { outcome: 'promoted' },
      });
    for (const part of [
      'requestsPerSecond',
      'challenger.errorRate must be 0-1, got 2',
      'latencyP50',
      'changes.0.atSeconds',
    ]) {
      expect(bad).toThrow(part);
    }
  });
});

describe('the scenarios in the documentation', () => {
  it.each(['README.md', 'docs/rehearsing.md', 'docs/scenario-files.md'])('of %s can be read', (page) => {
    const text = readFileSync(new URL(`../../../${page}`, import.meta.url), 'utf8');
    const examples = [...text.matchAll(/```yaml\n(.*?)```/gs)]
      .map(([, yaml]) => yaml)
      .filter((yaml) => yaml.includes('expect:'));
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) expect(readScenario(example, page).expect.outcome).toBe('rolledBack');
  });

  it('have the defaults that the tables name', () => {
    expect(IDENTICAL).toEqual({
      disagreementRate: 0,
      labels: [],
      shift: 0,
      noise: 0,
      unreadableRate: 0,
      answer: '{prediction}',
      inferenceIds: true,
      capturedPerHour: 400,
    });
    expect(ORDINARY).toEqual({
      errorRate: 0.001,
      clientErrorRate: 0.01,
      latencyP50: 40,
      latencyP99: 150,
      capacityPerInstance: 100,
      startup: 'healthy',
    });
  });
});

describe('the scenarios that are shipped', () => {
  const folder = new URL('../../../bin/scenarios/', import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

  it('are these', () => {
    expect(files.sort()).toEqual(
      ['crash-on-start', 'errors', 'good', 'late-onset', 'low-traffic', 'no-capacity', 'slow'].map(
        (name) => `${name}.yaml`,
      ),
    );
  });

  it.each(files)('%s is named as its file, and says what must come of it', (name) => {
    const scenario = readScenario(readFileSync(new URL(name, folder), 'utf8'), name);
    expect(`${scenario.name}.yaml`).toBe(name);
    const bad = !['good', 'low-traffic'].includes(scenario.name);
    expect(scenario.expect).toMatchObject(
      bad ? { outcome: 'rolledBack', servedConfig: 'champion' } : { outcome: 'promoted', servedConfig: 'challenger' },
    );
    expect(
      JSON.stringify(scenario.challenger) === JSON.stringify(scenario.champion) && scenario.changes.length === 0,
    ).toBe(!bad);
  });

  it('double the 99th percentile in slow, and fail 30 % in errors', () => {
    const of = (name: string) => readScenario(readFileSync(new URL(name, folder), 'utf8'), name);
    const slow = of('slow.yaml');
    expect(slow.challenger.latencyP99).toBe(2 * slow.champion.latencyP99);
    expect(of('errors.yaml').challenger.errorRate).toBe(0.3);
    expect(of('low-traffic.yaml').requestsPerSecond).toBe(1);
  });
});

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

describe('a scenario in plain JavaScript', () => {
  const base = { name: 'a', requestsPerSecond: 100, expect: { outcome: 'promoted' } };
  it.each<[string, unknown, string]>([
    ['a word of the file', { ...base, challenger: { errors: 0.3 } }, 'challenger.errors is not known here, known are'],
    ['no expectation', { ...base, expect: undefined }, 'expect must be a mapping, got undefined'],
    ['an outcome that there is not', { ...base, expect: { outcome: 'RolledBack' } }, 'expect.outcome must be one of'],
    ['a side that there is not', { ...base, expect: { ...base.expect, servedConfig: 'new' } }, 'expect.servedConfig'],
    [
      'fewer bad requests than none',
      { ...base, expect: { ...base.expect, maximumBadRequests: -1 } },
      'must be 0 or more',
    ],
    ['a start that there is not', { ...base, challenger: { startup: 'crash' } }, 'challenger.startup must be one of'],
    ['a number in words', { ...base, requestsPerSecond: '100' }, 'requestsPerSecond must be a number, got "100"'],
    ['changes that are no list', { ...base, changes: {} }, 'changes must be a list'],
    ['a change at no time', { ...base, changes: [{ challenger: { errorRate: 1 } }] }, 'changes.0.atSeconds'],
    ['no name', { ...base, name: undefined }, 'name'],
    ['nothing at all', undefined, 'it must be a mapping, got undefined'],
  ])('fails on %s', (_what, input, message) => {
    const problem = () => defineScenario(input as never);
    expect(problem).toThrow(message);
    expect(problem).toThrow('[InvalidScenario]');
  });

  it('may be defined again', () => {
    const scenario = defineScenario({ ...base, expect: { outcome: 'promoted', servedConfig: 'challenger' } });
    expect(defineScenario(scenario)).toEqual(scenario);
  });
});
