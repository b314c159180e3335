// `pnpm simulate`: puts the simulation into one file first, since a loader would cost each worker a second and each seed a part of its speed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const directory = mkdtempSync(join(tmpdir(), 'kohort-simulate-'));
try {
  const outfile = join(directory, 'simulate.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, '../packages/integration-tests/simulation/command/main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@kohort/source'],
    sourcemap: 'inline',
    logLevel: 'error',
  });
  const args = ['--enable-source-maps', '--no-warnings', outfile, ...process.argv.slice(2)];
  process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
