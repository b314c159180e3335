/** Tests against a real Apache Kafka broker (`pnpm test:kafka`); one file at a time, since they share a broker. */
import { defineConfig } from 'vitest/config';
import { projectOf, sharedTestOptions, sourceResolution } from './vitest.shared.ts';

export default defineConfig({
  ...sourceResolution,
  test: {
    ...sharedTestOptions,
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    projects: [projectOf('kafka', ['packages/integration-tests/test/kafka/**/*.test.ts'], [])],
  },
});
