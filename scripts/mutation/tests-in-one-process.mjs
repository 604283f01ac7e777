// A test runner for Stryker that keeps the tests of decision/ loaded and calls those that a change touches. A process
// or a worker for each of some thousand changes takes half a second; these tests are pure functions and take milliseconds.
import { declareFactoryPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { expect } from 'vitest';

const BUNDLE = 'test/decision/mutation.mjs';

/** What Stryker wove into the sources: which change is active, and which were reached. */
globalThis.__stryker__ ??= {};
const woven = globalThis.__stryker__;

/** Loads the bundle once more, and collects its tests; what it computes while it is loaded is computed with `change`. */
async function load(change) {
  const tests = [];
  const names = [];
  const describe = (name, body) => {
    names.push(name);
    body();
    names.pop();
  };
  const test = (name, body) => tests.push({ id: `${tests.length} ${[...names, name].join(' ')}`, body });
  test.each = (rows) => (name, body) =>
    rows.forEach((row, i) => {
      const values = Array.isArray(row) ? row : [row];
      test(`${name} [${i}]`, () => body(...values));
    });
  globalThis.tests = { describe, test, expect };
  woven.activeMutant = change;
  await import(`${process.cwd()}/${BUNDLE}?change=${change}`);
  return tests;
}

class TestsInOneProcess {
  capabilities() {
    return { reloadEnvironment: true };
  }

  async dryRun() {
    this.tests = await load(undefined);
    const results = this.tests.map(({ id, body }) => {
      woven.currentTestId = id;
      const start = performance.now();
      const failure = run(body);
      return { id, name: id, timeSpentMs: performance.now() - start, ...said(failure) };
    });
    woven.currentTestId = undefined;
    return { status: 'complete', tests: results, mutantCoverage: woven.mutantCoverage };
  }

  async mutantRun({ activeMutant: { id: change }, mutantActivation, testFilter, hitLimit }) {
    Object.assign(woven, { hitCount: 0, hitLimit });
    this.tests ??= await load(undefined);
    let tests = this.tests;
    if (mutantActivation === 'static') {
      try {
        tests = await load(change);
      } catch (error) {
        return { status: 'killed', killedBy: [], failureMessage: `does not load: ${error}`, nrOfTests: 0 };
      }
    }
    woven.activeMutant = change;
    let nrOfTests = 0;
    for (const { id, body } of tests) {
      if (testFilter !== undefined && !testFilter.includes(id)) continue;
      nrOfTests += 1;
      const failure = run(body);
      if (woven.hitCount > hitLimit) return { status: 'timeout', reason: 'it goes round and round' };
      if (failure === undefined) continue;
      woven.activeMutant = undefined;
      const still = run(this.tests.find((test) => test.id === id)?.body ?? (() => {}));
      // A change may leave something behind that fails tests after it is gone: then nobody has noticed anything.
      if (still !== undefined) return { status: 'error', errorMessage: `left behind: ${still}` };
      return { status: 'killed', killedBy: [id], failureMessage: failure, nrOfTests };
    }
    return { status: 'survived', nrOfTests };
  }
}

function run(body) {
  try {
    const result = body();
    if (result instanceof Promise) throw new Error('these tests may not be asynchronous');
    return undefined;
  } catch (error) {
    return String(error?.message ?? error);
  }
}

const said = (failure) => (failure === undefined ? { status: 0 } : { status: 1, failureMessage: failure });

export const strykerPlugins = [
  declareFactoryPlugin(PluginKind.TestRunner, 'tests-in-one-process', () => new TestsInOneProcess()),
];
