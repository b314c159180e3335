/** The packed packages and a rehearsed release (`pnpm test:packages`): package managers, a registry on loopback. */
import { defineConfig } from 'vitest/config';
import { projectOf, sharedTestOptions, sourceResolution } from './vitest.shared.ts';

export default defineConfig({
  ...sourceResolution,
  test: {
    ...sharedTestOptions,
    globalSetup: ['scripts/test/packages/support/build.ts'],
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    projects: [projectOf('packages', ['**/test/packages/**/*.test.ts'], [])],
  },
});
