/**
 * What an installation of the published packages can bring along, with its licences: run-time dependencies, peers
 * (optional ones too) and all that these depend on. Read from the installed manifests, so it is what was tested.
 */
import { readdir, readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Licences that ask for nothing but their text; another one needs a decision, and then a line here. */
const ACCEPTED = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];

/**
 * @typedef {{ name: string, version: string, licence: string, neededBy: string[] }} Licensed
 * @typedef {{ name: string, version: string, license?: unknown, private?: boolean } & Record<'dependencies' | 'peerDependencies', Record<string, string> | undefined>} Manifest
 */

/** @param {string} folder @returns {Promise<Manifest>} */
async function manifestOf(folder) {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
}

/**
 * @param {string} name
 * @param {readonly string[]} places folders that may have a `node_modules`
 * @returns {Promise<string>} where the package really is
 * @throws Error when it is in none of them
 */
async function locate(name, places) {
  for (const place of places) {
    const found = await realpath(join(place, 'node_modules', name)).catch((error) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (found !== undefined) return found;
  }
  throw new Error(
    `${name} is not installed, so its licence cannot be read: make it a development dependency`,
  );
}

/** The folder whose `node_modules` has the siblings of a package, as pnpm lays them out. @param {string} folder @param {string} name */
function siblingsOf(folder, name) {
  return name.split('/').reduce(dirname, dirname(folder));
}

/**
 * @param {string} root
 * @returns {Promise<Licensed[]>} by name
 */
export async function licensedPackages(root) {
  /** @type {Map<string, Licensed>} */
  const found = new Map();

  /** @param {string} folder @param {string} neededBy */
  async function add(folder, neededBy) {
    const { name, version, license, dependencies = {} } = await manifestOf(folder);
    const known = found.get(`${name}@${version}`);
    if (known !== undefined) {
      if (!known.neededBy.includes(neededBy)) known.neededBy.push(neededBy);
      return;
    }
    const licence = typeof license === 'string' ? license : 'none stated';
    found.set(`${name}@${version}`, { name, version, licence, neededBy: [neededBy] });
    for (const inner of Object.keys(dependencies)) {
      await add(await locate(inner, [folder, siblingsOf(folder, name)]), name);
    }
  }

  for (const directory of (await readdir(join(root, 'packages'))).sort()) {
    const folder = join(root, 'packages', directory);
    const manifest = await manifestOf(folder);
    if (manifest.private === true) continue;
    const needed = { ...manifest.dependencies, ...manifest.peerDependencies };
    for (const [name, range] of Object.entries(needed)) {
      if (!range.startsWith('workspace:')) await add(await locate(name, [folder, root]), manifest.name);
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** @param {readonly Licensed[]} packages @returns {string[]} what is not accepted */
export function licenceProblems(packages) {
  return packages
    .filter(({ licence }) => !ACCEPTED.includes(licence))
    .map(
      ({ name, version, licence, neededBy }) =>
        `${name}@${version}, needed by ${neededBy.join(', ')}: licence ${licence}; accepted are ${ACCEPTED.join(', ')}`,
    );
}

/** @param {readonly Licensed[]} packages @returns {string} the rows of a Markdown table */
export function licenceTable(packages) {
  const rows = packages.map(
    ({ name, version, licence, neededBy }) =>
      `| \`${name}\` | ${version} | ${licence} | ${neededBy.map((user) => `\`${user}\``).join(', ')} |`,
  );
  return ['| package | version | licence | needed by |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
