/** What each entry of each published package adds to a program: one ESM bundle, minified, without its siblings. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** @typedef {{ entry: string, minified: number, gzipped: number }} BundleSize bytes; `entry` as it is imported */

/** @param {string} source @returns {Promise<Uint8Array>} */
async function bundleOf(source) {
  const { outputFiles } = await build({
    entryPoints: [source],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

/** @param {string} root @returns {Promise<BundleSize[]>} by entry */
export async function bundleSizes(root) {
  /** @type {BundleSize[]} */
  const sizes = [];
  for (const directory of await readdir(join(root, 'packages'))) {
    const folder = join(root, 'packages', directory);
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    if (manifest.private === true) continue;
    for (const [subpath, target] of Object.entries(manifest.exports ?? {})) {
      if (typeof target === 'string') continue;
      const bundle = await bundleOf(join(folder, target['@kohort/source']));
      const gzipped = gzipSync(bundle, { level: 9 }).length;
      sizes.push({ entry: `${manifest.name}${subpath.slice(1)}`, minified: bundle.length, gzipped });
    }
  }
  return sizes.sort((a, b) => (a.entry < b.entry ? -1 : 1));
}
