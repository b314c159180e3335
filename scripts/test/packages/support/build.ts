/** Builds all packages, once, before the first test looks at a tarball. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runBounded } from '../../../release/run-bounded.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../../..');

export async function setup(): Promise<void> {
  await runBounded('pnpm', ['build'], { cwd: root, timeout: 600_000 });
}
