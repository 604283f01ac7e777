import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^cdk-sagemaker-rollouts$/, replacement: here('./lib/index.ts') },
      { find: /^cdk-sagemaker-rollouts\/decision$/, replacement: here('./decision/index.ts') },
      { find: /^cdk-sagemaker-rollouts\/rehearsal$/, replacement: here('./rehearsal/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    isolate: false,
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Handlers are assets of the constructs: they are bundled once, before any test synthesizes.
    globalSetup: ['test/bundle-handlers.ts'],
    // AWS's template validator costs seconds a process; the tests that are about it call it themselves.
    env: { CDK_VALIDATION: 'false', JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '1' },
  },
});
