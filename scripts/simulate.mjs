// `pnpm simulate`: puts the simulation into one file first, since a loader would cost each worker a second and each seed a part of its speed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const sources = join(import.meta.dirname, '../packages/integration-tests');
const args = process.argv.slice(2);
if (args.includes('--museum')) {
  // The museum bundles by itself, once for each bug.
  const loader = ['--import', import.meta.resolve('tsx'), '--conditions=@kohort/source'];
  process.exitCode = run([...loader, join(sources, 'museum/cli.ts'), ...args]);
} else {
  const directory = mkdtempSync(join(tmpdir(), 'kohort-simulate-'));
  try {
    const outfile = join(directory, 'simulate.mjs');
    await build({
      entryPoints: [join(sources, 'simulation/command/main.ts')],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      conditions: ['@kohort/source'],
      sourcemap: 'inline',
      logLevel: 'error',
    });
    process.exitCode = run(['--enable-source-maps', '--no-warnings', outfile, ...args]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** @param {string[]} command */
function run(command) {
  return spawnSync(process.execPath, command, { stdio: 'inherit' }).status ?? 1;
}
