/** Reports what `@kohort/core` adds to a program (one ESM bundle, minified, gzipped) and fails above a bound. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** Bytes, gzipped: what we aim for, and what a change must not exceed. */
const TARGET = 20_000;
const BOUND = 54_000;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { outputFiles } = await build({
  entryPoints: [join(root, 'packages/core/src/index.ts')],
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  write: false,
});
const bundle = outputFiles[0]?.contents ?? new Uint8Array();
const gzipped = gzipSync(bundle, { level: 9 }).length;
const kilobytes = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(1)} kB`;
const verdict = gzipped > BOUND ? 'above the bound' : gzipped > TARGET ? 'above the target' : 'fine';
console.log(
  `core: ${kilobytes(gzipped)} gzipped, ${kilobytes(bundle.length)} minified ` +
    `(target ${kilobytes(TARGET)}, bound ${kilobytes(BOUND)}): ${verdict}`,
);
process.exitCode = gzipped > BOUND ? 1 : 0;
