/**
 * Proves the tarballs that a release would publish: builds, packs every public package into a temporary folder,
 * then runs publint (strict) and attw on each tarball, and loads every entry from Node as ESM and as CJS.
 *
 * attw checks all its modes (node10, node16 from CJS and from ESM, bundler) and excludes none: in node10, which
 * knows no `exports`, the types of a subpath resolve by `typesVersions`.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const run = promisify(execFile);
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const attw = createRequire(import.meta.url).resolve('@arethetypeswrong/cli/package.json');

/**
 * @typedef {{ name: string, exports: Record<string, unknown>, peerDependencies?: Record<string, string> } & Record<string, unknown>} Manifest
 * @typedef {{ folder: string, manifest: Manifest, tarball: string, unpacked: string }} Packed
 */

/** Output of a failed command, which is where these tools say what is wrong. @param {unknown} error */
function outputOf(error) {
  const { stdout = '', stderr = '', message = String(error) } = /** @type {Record<string, string>} */ (error);
  return `${stdout}${stderr}`.trim() || message;
}

/**
 * Packs one package and unpacks it as an application would have it in `node_modules`.
 * @param {string} folder
 * @param {string} temp
 * @returns {Promise<Packed | undefined>} undefined for a private package
 */
async function pack(folder, temp) {
  /** @type {Manifest} */
  const source = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  if (source['private'] === true) return undefined;
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
  return { folder, manifest, tarball, unpacked };
}

/** @param {NodeJS.ErrnoException} error */
function ignoreExisting(error) {
  if (error.code !== 'EEXIST') throw error;
}

/** What a reader of the registry must find, and what must not leak. @param {Packed} packed */
async function contentsOf({ manifest, unpacked }) {
  const files = await readdir(unpacked, { recursive: true });
  const missing = ['LICENSE', 'README.md', 'package.json', 'dist'].filter((file) => !files.includes(file));
  const foreign = files.filter((file) => /^(src|test)([\\/]|$)|\.test\.|tsconfig|tsup\.config/.test(file));
  const text = JSON.stringify(manifest);
  return [
    ...missing.map((file) => `no ${file} in the tarball`),
    ...foreign.map((file) => `${file} does not belong into the tarball`),
    ...(text.includes('@kohort/source') ? ['the source condition leaks into the published exports'] : []),
    ...(text.includes('workspace:') ? ['a workspace range leaks into the published manifest'] : []),
    ...(/"(pre|post)?install":/.test(text) ? ['a published package must not run install scripts'] : []),
  ];
}

/** @param {Packed} packed */
async function publintOf({ manifest, unpacked }) {
  const { messages } = await publint({ pkgDir: unpacked, strict: true, pack: false });
  return messages.map((message) => `publint: ${formatMessage(message, manifest) ?? message.code}`);
}

/** @param {Packed} packed */
async function attwOf({ tarball }) {
  const bin = join(dirname(attw), 'dist/index.js');
  try {
    await run(process.execPath, [
      bin,
      tarball,
      '--profile',
      'strict',
      '--no-definitely-typed',
      '--format',
      'ascii',
      '--no-color',
      '--no-emoji',
    ]);
    return [];
  } catch (error) {
    return [`attw: ${outputOf(error)}`];
  }
}

/** Every entry, as ESM and as CJS, in a fresh process each. @param {Packed} packed @param {string} temp */
async function loadsOf({ manifest }, temp) {
  const entries = Object.keys(manifest.exports).filter((entry) => entry !== './package.json');
  const loads = entries.flatMap((entry) => {
    const specifier = JSON.stringify(`${manifest.name}${entry.slice(1)}`);
    return [`await import(${specifier})`, `module.createRequire(process.cwd() + '/x.cjs')(${specifier})`];
  });
  const results = loads.map(async (load) => {
    const script = `import module from 'node:module'; process.exit(Object.keys(${load}).length === 0 ? 3 : 0);`;
    try {
      await run(process.execPath, ['--input-type=module', '--eval', script], { cwd: temp });
      return [];
    } catch (error) {
      return [
        `${load}: ${/** @type {{ code?: unknown }} */ (error).code === 3 ? 'exports nothing' : outputOf(error)}`,
      ];
    }
  });
  return (await Promise.all(results)).flat();
}

/**
 * The declarations of all entries, checked in full by the compiler from an ESM and from a CJS consumer:
 * attw resolves declarations but does not look inside.
 * @param {Packed[]} packages
 * @param {string} temp
 */
async function declarationsOf(packages, temp) {
  const specifiers = packages.flatMap(({ manifest }) =>
    Object.keys(manifest.exports)
      .filter((entry) => entry !== './package.json')
      .map((entry) => `${manifest.name}${entry.slice(1)}`),
  );
  const consumer = specifiers
    .map((specifier, index) => `export * as entry${index} from '${specifier}';`)
    .join('\n');
  await writeFile(join(temp, 'consumer.mts'), consumer);
  await writeFile(join(temp, 'consumer.cts'), consumer);
  const options = [
    '--noEmit',
    '--strict',
    '--exactOptionalPropertyTypes',
    '--module',
    'nodenext',
    '--target',
    'es2022',
  ];
  const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')];
  try {
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    await run(process.execPath, [tsc, ...options, ...types, 'consumer.mts', 'consumer.cts'], { cwd: temp });
    return [];
  } catch (error) {
    return [`declarations: ${outputOf(error)}`];
  }
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
