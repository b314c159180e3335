/**
 * Compares the public types of every entry with the reports in `api/`, so that no change of them goes unseen,
 * and the contract versions of plugins with the ranges that plugins declare: `pnpm check:api`. `pnpm check:api --update` writes the reports; their difference is what a review reads.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { apiReports, publishedEntries } from './api/api-report.mjs';
import { contractProblems, majorProblems, nextVersion, pendingBump } from './api/contract-ranges.mjs';
import { outputOf } from './tarball-checks.mjs';

const run = promisify(execFile);
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'api');

/** @returns {Promise<Map<string, string>>} what is checked in */
async function recorded() {
  const files = await readdir(folder, { recursive: true }).catch((error) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const reports = files.filter((file) => file.endsWith('.api.md')).map((file) => file.replaceAll('\\', '/'));
  return new Map(
    await Promise.all(
      reports.map(async (file) => /** @type {const} */ ([file, await readFile(join(folder, file), 'utf8')])),
    ),
  );
}

/** @param {ReadonlyMap<string, string>} before @param {ReadonlyMap<string, string>} now */
function differing(before, now) {
  const names = new Set([...before.keys(), ...now.keys()]);
  return [...names].filter((name) => before.get(name) !== now.get(name)).sort();
}

/** @param {string} name @param {ReadonlyMap<string, string>} now @returns {Promise<string>} a unified diff */
async function diffOf(name, now) {
  const temp = await mkdtemp(join(tmpdir(), 'kohort-api-diff-'));
  try {
    const file = join(temp, name.replaceAll('/', '-'));
    await writeFile(file, now.get(name) ?? '');
    const old = join(folder, name);
    const { stdout } = await run('git', ['diff', '--no-index', '--no-color', '-U1', '--', old, file]).catch(
      (error) => (error.code === 1 ? error : Promise.reject(error)),
    );
    return stdout.split('\n').slice(4).join('\n');
  } finally {
    await rm(temp, { recursive: true, force: true });
  }
}

/** @param {string} directory @param {(name: string) => boolean} isWanted @returns {Promise<string[]>} texts */
async function textsIn(directory, isWanted) {
  const files = (await readdir(directory, { recursive: true })).filter(isWanted).sort();
  return Promise.all(files.map((file) => readFile(join(directory, file), 'utf8')));
}

/** @returns {Promise<string[]>} contract versions and declared ranges that do not go together */
async function rangeProblems() {
  const contracts = JSON.parse(await readFile(join(folder, 'contracts.json'), 'utf8'));
  const spi = await import(pathToFileURL(join(root, 'packages/core/dist/spi.js')).href);
  const changesets = await textsIn(join(root, '.changeset'), (file) => file.endsWith('.md'));
  /** @type {import('./api/contract-ranges.mjs').Plugin[]} */
  const plugins = [];
  let coreVersion = '';
  for (const directory of await readdir(join(root, 'packages'))) {
    const at = join(root, 'packages', directory);
    const manifest = JSON.parse(await readFile(join(at, 'package.json'), 'utf8'));
    if (manifest.name === '@kohort/core') coreVersion = manifest.version;
    const core = manifest.dependencies?.['@kohort/core'];
    if (manifest.private === true || core === undefined) continue;
    const sources = await textsIn(join(at, 'src'), (file) => file.endsWith('.ts'));
    plugins.push({ name: manifest.name, core, source: sources.join('\n') });
  }
  const coreNext = nextVersion(coreVersion, pendingBump(changesets, '@kohort/core'));
  return [
    ...contractProblems(contracts, spi, coreNext, plugins),
    ...majorProblems(changesets, coreVersion, plugins),
  ];
}

/** @param {readonly string[]} names @param {ReadonlyMap<string, string>} now */
async function update(names, now) {
  for (const name of names) {
    const text = now.get(name);
    const file = join(folder, name);
    if (text === undefined) await rm(file);
    else {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    console.log(`${text === undefined ? 'removed' : 'wrote'} ${relative(root, file)}`);
  }
}

await run('pnpm', ['build'], { cwd: root, maxBuffer: 64 << 20 }).catch((error) => {
  console.error(outputOf(error));
  process.exit(1);
});
const before = await recorded();
const now = await apiReports(root, await publishedEntries(root));
const names = differing(before, now);
const problems = await rangeProblems();
for (const problem of problems) console.log(problem);
if (problems.length > 0) process.exitCode = 1;
if (process.argv.includes('--update')) await update(names, now);
else {
  for (const name of names) {
    const state = !before.has(name) ? 'is missing' : !now.has(name) ? 'has no entry any more' : 'differs';
    console.log(`api/${name} ${state}`);
    if (before.has(name) && now.has(name)) console.log(await diffOf(name, now));
  }
  if (names.length === 0) console.log(`${now.size} reports agree with the public types`);
  else {
    console.log('The public types changed. Update the reports and let the difference be reviewed:');
    console.log('  npx -y pnpm@10 check:api --update');
    process.exitCode = 1;
  }
}
