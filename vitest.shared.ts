/** What both vitest configurations have in common: resolution to sources, reporters, and the shape of a project. */
const conditions = ['@kohort/source', 'module', 'node', 'development|production'];

/** Siblings resolve to their TypeScript sources, so that no test needs a build. */
export const sourceResolution = {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['@kohort/source', 'node'] } },
};

/** The file that counts the results of a run, besides the output for people; `.ci/run` sets the variable. */
const report = process.env.KOHORT_TEST_REPORT || undefined;

/** Options of `test` that every run shares. */
export const sharedTestOptions = {
  reporters: ['default', ...(report === undefined ? [] : ['json'])],
  ...(report === undefined ? {} : { outputFile: { json: report } }),
};

/** One named group of test files. @param isolate whether each file loads all modules anew */
export function projectOf(
  name: string,
  include: readonly string[],
  exclude: readonly string[],
  isolate = true,
) {
  return {
    extends: true as const,
    test: {
      name,
      isolate,
      include: [...include],
      exclude: ['**/node_modules/**', '**/dist/**', ...exclude],
    },
  };
}
