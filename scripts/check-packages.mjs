/**
 * Proves the tarballs that a release would publish: builds, packs every public package into a temporary folder and
 * runs the checks of `tarball-checks.mjs` on each.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { attwOf, contentsOf, declarationsOf, loadsOf, outputOf, publintOf } from './tarball-checks.mjs';

const run = promisify(execFile);
const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** @typedef {import('./tarball-checks.mjs').Packed} Packed */

/**
 * Packs one package and unpacks it as an application would have it in `node_modules`.
 * @param {string} folder
 * @param {string} temp
 * @returns {Promise<Packed | undefined>} undefined for a private package
 */
async function pack(folder, temp) {
  const source = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  if (source.private === true) return undefined;
  const { stdout } = await run('pnpm', ['pack', '--json', '--pack-destination', temp], { cwd: folder });
  const tarball = join(temp, JSON.parse(stdout).filename.replace(/^.*[\\/]/, ''));
  const unpacked = join(temp, 'node_modules', source.name);
  await mkdir(unpacked, { recursive: true });
  await run('tar', ['-xzf', tarball, '-C', unpacked, '--strip-components=1']);
  const manifest = JSON.parse(await readFile(join(unpacked, 'package.json'), 'utf8'));
  for (const peer of Object.keys(manifest.peerDependencies ?? {})) {
    const link = join(temp, 'node_modules', peer);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(folder, 'node_modules', peer), link).catch(ignoreExisting);
  }
  return { manifest, tarball, unpacked };
}

/** @param {NodeJS.ErrnoException} error */
function ignoreExisting(error) {
  if (error.code !== 'EEXIST') throw error;
}

/** @param {string} temp @returns {Promise<number>} how many problems were found */
async function checkAll(temp) {
  const folders = (await readdir(join(root, 'packages'))).map((name) => join(root, 'packages', name));
  /** @type {Packed[]} */
  const packages = [];
  for (const folder of folders) {
    const packed = await pack(folder, temp);
    if (packed !== undefined) packages.push(packed);
  }
  let problems = 0;
  /** @param {string} name @param {string[]} found */
  const report = (name, found) => {
    problems += found.length;
    console.log(`${found.length === 0 ? 'ok    ' : 'FAILED'} ${name}`);
    for (const problem of found) console.log(`       ${problem.replaceAll('\n', '\n       ')}`);
  };
  for (const packed of packages) {
    const checks = [contentsOf(packed), publintOf(packed), attwOf(packed), loadsOf(packed, temp)];
    report(packed.manifest.name, (await Promise.all(checks)).flat());
  }
  report('declarations in full', await declarationsOf(packages, temp));
  return problems;
}

await run('pnpm', ['build'], { cwd: root, maxBuffer: 64 << 20 }).catch((error) => {
  console.error(outputOf(error));
  process.exit(1);
});
const temp = await mkdtemp(join(tmpdir(), 'kohort-packages-'));
try {
  process.exitCode = (await checkAll(temp)) === 0 ? 0 : 1;
} finally {
  await rm(temp, { recursive: true, force: true });
}
