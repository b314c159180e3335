/**
 * A release played through on a copy of the repository, with the commands that the release itself uses: changesets
 * raise the versions, pnpm publishes what the registry does not have, and the registry is one on loopback.
 */
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runBounded } from './run-bounded.mjs';

/**
 * @typedef {import('./local-registry.mjs').Registry} Registry
 * @typedef {object} Rehearsal
 * @property {string} folder the copy of the repository
 * @property {(changesets?: Readonly<Record<string, string>>) => Promise<string[]>} release raises versions by the
 *   pending changesets and those given (file name to text), and publishes; answers `name@version` of what is new
 * @property {() => Promise<Record<string, string>>} versions of the published packages in the copy, by name
 */

const changesets = createRequire(import.meta.url).resolve('@changesets/cli/bin.js');

/**
 * The environment of a package manager that takes @kohort packages from `registry` and everything else from where
 * the machine takes it. `folder` gets the configuration, and caches of its own: nothing of another run is reused.
 * @param {Registry} registry
 * @param {string} folder
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
export async function registryEnvironment(registry, folder) {
  const userconfig = join(folder, 'npmrc');
  const host = registry.url.replace(/^http:/, '');
  await mkdir(folder, { recursive: true });
  await writeFile(userconfig, `@kohort:registry=${registry.url}\n${host}:_authToken=${registry.token}\n`);
  return { ...process.env, npm_config_userconfig: userconfig, npm_config_update_notifier: 'false' };
}

/** Copies what git knows or would add, and what the build made. @param {string} root @param {string} folder */
async function copyRepository(root, folder) {
  const listed = await runBounded('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root });
  const deleted = await runBounded('git', ['ls-files', '-d', '-z'], { cwd: root });
  const gone = new Set(deleted.split('\0'));
  for (const file of listed.split('\0').filter((name) => name !== '' && !gone.has(name))) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await cp(join(root, file), join(folder, file));
  }
  for (const name of await readdir(join(root, 'packages'))) {
    const dist = join(root, 'packages', name, 'dist');
    await cp(dist, join(folder, 'packages', name, 'dist'), { recursive: true }).catch(ignoreMissing);
  }
}

/**
 * A statement of provenance is signed for the workflow that publishes; on this machine there is nobody to sign it,
 * and npm refuses to publish without.
 * @param {string} folder
 */
async function withoutProvenance(folder) {
  for (const name of await readdir(join(folder, 'packages'))) {
    const file = join(folder, 'packages', name, 'package.json');
    const { publishConfig, ...manifest } = JSON.parse(await readFile(file, 'utf8'));
    if (publishConfig === undefined) continue;
    const { provenance: _signed, ...rest } = publishConfig;
    await writeFile(file, `${JSON.stringify({ ...manifest, publishConfig: rest }, null, 2)}\n`);
  }
}

/** @param {NodeJS.ErrnoException} error */
function ignoreMissing(error) {
  if (error.code !== 'ENOENT') throw error;
}

/** @param {string} folder @param {string} message */
async function commitAll(folder, message) {
  const author = ['-c', 'user.name=rehearsal', '-c', 'user.email=rehearsal@localhost'];
  await runBounded('git', ['add', '--all'], { cwd: folder });
  await runBounded('git', [...author, 'commit', '--quiet', '--allow-empty', '-m', message], { cwd: folder });
}

/**
 * @param {string} root a repository whose packages are built
 * @param {string} temp an empty folder
 * @param {Registry} registry
 * @returns {Promise<Rehearsal>}
 */
export async function startRehearsal(root, temp, registry) {
  const folder = join(temp, 'repository');
  const env = await registryEnvironment(registry, temp);
  await copyRepository(root, folder);
  await withoutProvenance(folder);
  await runBounded('git', ['init', '--quiet', '--initial-branch', 'main'], { cwd: folder });
  await commitAll(folder, 'rehearsal');
  // The release workflow installs by a frozen lockfile as well: one that is behind the manifests fails here.
  const install = ['install', '--frozen-lockfile', '--prefer-offline', '--ignore-scripts'];
  await runBounded('pnpm', install, { cwd: folder, env });

  const versions = async () => {
    const names = await readdir(join(folder, 'packages'));
    const manifests = await Promise.all(
      names.map(async (name) =>
        JSON.parse(await readFile(join(folder, 'packages', name, 'package.json'), 'utf8')),
      ),
    );
    const published = manifests.filter((manifest) => manifest.private !== true);
    return Object.fromEntries(published.map(({ name, version }) => [name, version]));
  };

  return {
    folder,
    versions,
    release: async (notes = {}) => {
      for (const [name, text] of Object.entries(notes))
        await writeFile(join(folder, '.changeset', name), text);
      const before = registry.published().length;
      await runBounded(process.execPath, [changesets, 'version'], { cwd: folder, env });
      await commitAll(folder, 'versions');
      const publish = ['--recursive', 'publish', '--access', 'public', '--no-git-checks'];
      // A package without the scope must not reach for another registry either.
      await runBounded('pnpm', publish, { cwd: folder, env: { ...env, npm_config_registry: registry.url } });
      return registry.published().slice(before).sort();
    },
  };
}
