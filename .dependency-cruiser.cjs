// The import table of the house, as a test: a folder may import only what its sentence allows.
const only = (name, from, allowed, comment, except) => ({
  name,
  comment,
  severity: 'error',
  from: except === undefined ? { path: from } : { path: from, pathNot: except },
  to: { pathNot: allowed },
});
// lib modules import leftwards only, and siblings never import siblings.
const order = ['model', 'hosting', 'bases', '(strategies|gates|alarms)', 'endpoint', 'rollout', 'governance'];
const leftwards = order.map((folder, i) => ({
  name: `lib-${folder.replace(/\W+/g, '-')}-imports-leftwards`,
  severity: 'error',
  from: { path: `^lib/${folder}/` },
  to: {
    path: '^lib/[a-z]+/',
    pathNot: [
      '^lib/private/',
      `^lib/${folder.startsWith('(') ? '$1' : folder}/`,
      ...order.slice(0, i).map((f) => `^lib/${f}/`),
    ],
  },
}));
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    only('decision-is-pure', '^decision/', ['^decision/'], 'no node:*, no AWS, no CDK'),
    only(
      'lib-declares',
      '^lib/',
      ['^lib/', '^decision/', 'node_modules/(aws-cdk-lib|constructs)/', '^(fs|path|crypto)$'],
      'never lambda, rehearsal, bin, @aws-sdk',
    ),
    only(
      'lambda-aws-is-the-door',
      '^lambda/aws/',
      [
        '^lambda/aws/',
        '^decision/',
        'node_modules/@(aws-sdk|smithy|aws-lambda-powertools)/',
        '^(https|zlib|stream|stream/promises|readline|buffer)$',
      ],
      'the only place that knows @aws-sdk',
    ),
    only(
      'lambda-job',
      '^lambda/([^/]+)/',
      [
        '^lambda/$1/',
        '^lambda/aws/',
        '^decision/',
        'node_modules/(valibot|@aws-lambda-powertools)/',
        '^(crypto|https|zlib|stream|stream/promises|readline|buffer)$',
      ],
      'a job knows itself, decision and the doors',
      '^lambda/aws/',
    ),
    only(
      'rehearsal-is-no-mirror',
      '^rehearsal/',
      ['^rehearsal/', 'node_modules/', '^[a-z_/]+$'],
      'never decision, lib, lambda',
    ),
    {
      name: 'rehearsal-has-no-client',
      severity: 'error',
      from: { path: '^rehearsal/' },
      to: { path: 'node_modules/(aws-cdk-lib|constructs|@aws-sdk)/' },
    },
    { name: 'nothing-imports-test', severity: 'error', from: { pathNot: '^test/' }, to: { path: '^test/' } },
    ...leftwards,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
