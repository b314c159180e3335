/**
 * Measures the packages for `docs/internals/publishing.md` and writes its tables: size of every tarball and bundle,
 * and what an installation brings and takes. Needs a build, npm and pnpm: `npx -y pnpm@10 run figures`.
 */
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleSizes } from './release/bundle-size.mjs';
import { writeTable } from './release/generated-table.mjs';
import { startRegistry } from './release/local-registry.mjs';
import { registryEnvironment, startRehearsal } from './release/rehearsal.mjs';
import { runBounded } from './release/run-bounded.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const page = join(root, 'docs/internals/publishing.md');
const kilobytes = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(1)} kB`;

/** What people install, by the table of the README. */
const INSTALLATIONS = [
  ['@kohort/core', '@kohort/transport-tcp'],
  ['@kohort/core', '@kohort/transport-kafkajs', 'kafkajs'],
];

/** @param {import('./release/local-registry.mjs').Registry} registry */
async function sizesTable(registry) {
  const bundles = await bundleSizes(root);
  const rows = registry.published().map((published) => {
    const [, name = '', version = ''] = /^(.+)@(.+)$/.exec(published) ?? [];
    const tarball = registry.tarball(name, version)?.length ?? 0;
    const entries = bundles.filter(({ entry }) => entry === name || entry.startsWith(`${name}/`));
    const parts = entries.map(
      ({ entry, gzipped }) => `\`${entry.slice(name.length + 1) || '.'}\` ${kilobytes(gzipped)}`,
    );
    return `| \`${name}\` | ${kilobytes(tarball)} | ${parts.join(', ')} |`;
  });
  return [
    '| package | tarball | bundle of each entry, minified and gzipped |',
    '| --- | --- | --- |',
    ...rows.sort(),
  ].join('\n');
}

/** @param {string} folder @returns {Promise<number>} */
async function bytesIn(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(file.parentPath, file.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** @param {string} temp @param {NodeJS.ProcessEnv} env */
async function installationsTable(temp, env) {
  const rows = [];
  for (const [i, packages] of INSTALLATIONS.entries()) {
    const folder = join(temp, `installation-${i}`);
    await mkdir(folder);
    await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
    // A cache of its own: everything is fetched.
    const options = { cwd: folder, env: { ...env, npm_config_cache: join(folder, 'cache') } };
    const started = performance.now();
    const output = await runBounded('npm', ['install', '--no-audit', '--no-fund', ...packages], options);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const count = /added (\d+) packages/.exec(output)?.[1];
    const bytes = await bytesIn(join(folder, 'node_modules'));
    rows.push(
      `| \`npm install ${packages.join(' ')}\` | ${count} | ${(bytes / 1e6).toFixed(2)} MB | ${seconds} s |`,
    );
  }
  return [
    '| command | packages | in `node_modules` | empty cache |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

await runBounded('pnpm', ['build'], { cwd: root, timeout: 600_000 });
const temp = await mkdtemp(join(tmpdir(), 'kohort-figures-'));
const registry = await startRegistry();
try {
  const rehearsal = await startRehearsal(root, temp, registry);
  await rehearsal.release();
  const tables = { sizes: await sizesTable(registry), installations: '' };
  tables.installations = await installationsTable(temp, await registryEnvironment(registry, temp));
  for (const [name, table] of Object.entries(tables)) {
    console.log(`${table}\n`);
    await writeTable(page, name, table);
  }
} finally {
  await registry.close();
  await rm(temp, { recursive: true, force: true });
}
