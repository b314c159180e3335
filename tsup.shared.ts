/** The one build configuration: every package calls a function of this file from its `tsup.config.ts`. */
import type { Options } from 'tsup';

/**
 * A published package: ESM and CJS from the same entries.
 * Declarations come from `tsup --dts-only` (task `build:types`): they take longer than everything else,
 * and neither the demo nor the tests need them.
 */
export function packageBuild(entry: readonly string[]): Options {
  return {
    entry: [...entry],
    format: ['esm', 'cjs'],
    target: 'node20',
    platform: 'node',
    // Files of an older build would end up in the tarball; declarations belong to the other task.
    clean: ['!**/*.d.ts', '!**/*.d.cts'],
    silent: true,
  };
}

/** A private application: one ESM file that Node runs; workspace packages stay imports. */
export function appBuild(entry: readonly string[]): Options {
  return { ...packageBuild(entry), format: ['esm'] };
}
