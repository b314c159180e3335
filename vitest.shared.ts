/** What both vitest configurations have in common: resolution to sources, and the shape of a project. */
const conditions = ['@kohort/source', 'module', 'node', 'development|production'];

/** Siblings resolve to their TypeScript sources, so that no test needs a build. */
export const sourceResolution = {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['@kohort/source', 'node'] } },
};

/** One named group of test files. */
export function projectOf(name: string, include: readonly string[], exclude: readonly string[]) {
  return {
    extends: true as const,
    test: {
      name,
      include: [...include],
      exclude: ['**/node_modules/**', '**/dist/**', ...exclude],
    },
  };
}
