// In a fresh process: `node measure.cjs LIBRARY COUNT` prints what loading it and COUNT endpoints cost, and what they are.
const { mkdtempSync, readdirSync, readFileSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const [name, count] = process.argv.slice(2);
const cpu = (since) => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e3;
};

const beforeLoad = process.cpuUsage();
const { App } = require('aws-cdk-lib');
const { LIBRARIES, declare } = require('./declare.cjs');
const write = LIBRARIES[name]();
const load = cpu(beforeLoad);

const folder = mkdtempSync(join(tmpdir(), 'bench-peers-'));
try {
  const synth = (outdir, endpoints) => {
    const app = new App({ outdir, builtinCloudFormationValidation: false, analyticsReporting: false });
    declare(app, endpoints, write);
    app.synth();
  };
  // What the first synth loads lazily belongs to loading, not to each of many endpoints.
  const beforeFirst = process.cpuUsage();
  synth(join(folder, 'first'), 1);
  const first = load + cpu(beforeFirst);
  const before = process.cpuUsage();
  synth(join(folder, 'all'), Number(count));
  const all = cpu(before);
  const memory = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ first, all, memory, ...found(join(folder, 'all')) }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** What the templates have, in all. */
function found(outdir) {
  const files = readdirSync(outdir).filter((file) => file.endsWith('.template.json'));
  const texts = files.map((file) => readFileSync(join(outdir, file), 'utf8'));
  const resources = texts.flatMap((text) => Object.values(JSON.parse(text).Resources));
  const of = (type) => resources.filter(({ Type }) => Type === `AWS::SageMaker::${type}`);
  const guards = ({ Properties }) => Properties.DeploymentConfig?.AutoRollbackConfiguration?.Alarms?.length ?? 0;
  return {
    bytes: texts.reduce((sum, text) => sum + text.length, 0),
    resources: resources.length,
    endpoints: of('Endpoint').length,
    alarms: of('Endpoint').reduce((sum, endpoint) => sum + guards(endpoint), 0),
    kept: of('Model').filter((model) => model.DeletionPolicy === 'Retain').length,
  };
}
