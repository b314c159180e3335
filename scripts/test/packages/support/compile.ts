/** Compiles the program of the matrix in a project, as an application with one setting of `moduleResolution` would. */
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { runBounded } from '../../../release/run-bounded.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../../..');
const program = join(root, 'scripts/test/packages/programs/group.mts');
const tsc = join(root, 'node_modules/typescript/bin/tsc');

export type Resolution = 'node16' | 'nodenext' | 'bundler';

/** Strict, and the declarations of the packages are checked in full. */
const COMMON = {
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  target: 'es2022',
  types: ['node'],
};

const SETTINGS: Readonly<
  Record<Resolution, { options: Record<string, unknown>; sources: readonly string[] }>
> = {
  node16: { options: { module: 'node16', moduleResolution: 'node16' }, sources: ['group.mts', 'group.cts'] },
  nodenext: {
    options: { module: 'nodenext', moduleResolution: 'nodenext' },
    sources: ['group.mts', 'group.cts'],
  },
  bundler: { options: { module: 'preserve', moduleResolution: 'bundler' }, sources: ['group.ts'] },
};

/** @returns the JavaScript files to run; the sources type check, else it throws what the compiler says */
export async function compile(folder: string, resolution: Resolution): Promise<string[]> {
  const { options, sources } = SETTINGS[resolution];
  const work = join(folder, resolution);
  await mkdir(work, { recursive: true });
  for (const source of sources) await copyFile(program, join(work, source));
  const compilerOptions = { ...COMMON, ...options, rootDir: '.', outDir: 'out' };
  await writeFile(join(work, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: sources }));
  await runBounded(process.execPath, [tsc, '--project', '.'], { cwd: work });
  if (resolution !== 'bundler') return sources.map((source) => join(work, 'out', source.replace('ts', 'js')));
  const outfile = join(work, 'bundle.mjs');
  const entryPoints = [join(work, 'out/group.js')];
  const platform = { platform: 'node', target: 'node20', format: 'esm' } as const;
  await build({ entryPoints, outfile, bundle: true, logLevel: 'silent', ...platform });
  return [outfile];
}
