/**
 * What must hold for one tarball: its contents, publint (strict), attw, loading from Node as ESM and as CJS, and
 * the declarations in full. Each check returns its findings as text; none means fine.
 *
 * attw checks all its modes (node10, node16 from CJS and from ESM, bundler) and excludes none: in node10, which
 * knows no `exports`, the types of a subpath resolve by `typesVersions`.
 */
import { execFile } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const run = promisify(execFile);
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const attw = createRequire(import.meta.url).resolve('@arethetypeswrong/cli/package.json');

/**
 * @typedef {{ name: string, exports: Record<string, unknown> } & Record<string, unknown>} Manifest
 * @typedef {{ manifest: Manifest, tarball: string, unpacked: string }} Packed `unpacked` lies in a `node_modules`
 */

/** Output of a failed command, which is where these tools say what is wrong. @param {unknown} error */
export function outputOf(error) {
  const { stdout = '', stderr = '', message = String(error) } = /** @type {Record<string, string>} */ (error);
  return `${stdout}${stderr}`.trim() || message;
}

/** What a reader of the registry must find, and what must not leak. @param {Packed} packed */
export async function contentsOf({ manifest, unpacked }) {
  const files = await readdir(unpacked, { recursive: true });
  const missing = ['LICENSE', 'README.md', 'package.json', 'dist'].filter((file) => !files.includes(file));
  // The command that writes plugins brings their sources along, as templates.
  const own = files.filter((file) => !/^templates[\\/]/.test(file));
  const foreign = own.filter((file) => /^(src|test)([\\/]|$)|\.test\.|tsconfig|tsup\.config/.test(file));
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
export async function publintOf({ manifest, unpacked }) {
  const { messages } = await publint({ pkgDir: unpacked, strict: true, pack: false });
  return messages.map((message) => `publint: ${formatMessage(message, manifest) ?? message.code}`);
}

/** @param {Packed} packed */
export async function attwOf({ tarball }) {
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
export async function loadsOf({ manifest }, temp) {
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
export async function declarationsOf(packages, temp) {
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
