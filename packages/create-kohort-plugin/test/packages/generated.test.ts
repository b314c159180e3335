/**
 * Each kind of plugin as its author gets it: made by the packed command in an empty folder, with the packed packages of the
 * house installed by npm, then checked, built and tested by its own scripts, and used as ESM and as CommonJS.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KINDS } from '../../src/kinds.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const PACKED = ['core', 'protocol', 'testkit', 'create-kohort-plugin'];
const LONGEST_MS = 240_000;

let temp: string;
/** Where the plugins are written. */
let plugins: string;
/** The tarball of each package, by name. */
const tarballs = new Map<string, string>();

/** Runs a command, and throws all that it has printed when it fails. */
function run(cwd: string, command: string, ...args: readonly string[]): Promise<string> {
  const env = { ...process.env, npm_config_audit: 'false', npm_config_fund: 'false', CI: 'true' };
  const options = { cwd, env, timeout: LONGEST_MS, maxBuffer: 64 << 20 };
  return new Promise((resolve, reject) => {
    execFile(command, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${command} ${args.join(' ')}: ${error.message}\n${stdout}\n${stderr}`));
    });
  });
}

async function pack(folder: string): Promise<void> {
  const stdout = await run(folder, 'npx', '-y', 'pnpm@10', 'pack', '--json', '--pack-destination', temp);
  const { name, filename }: { name: string; filename: string } = JSON.parse(stdout);
  tarballs.set(name, join(temp, filename.replace(/^.*[\\/]/, '')));
}

beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'kohort-generated-'));
  for (const name of PACKED) await pack(join(root, 'packages', name));
  await writeFile(join(temp, 'package.json'), '{ "private": true }');
  await run(temp, 'npm', 'install', '--prefer-offline', tarballOf('create-kohort-plugin'));
  plugins = join(temp, 'plugins');
  await mkdir(plugins);
  await writeAndInstall();
}, LONGEST_MS);
afterAll(() => rm(temp, { recursive: true, force: true }));

function tarballOf(name: string): string {
  const tarball = tarballs.get(name);
  if (tarball === undefined) throw new Error(`${name} is not packed`);
  return tarball;
}

/** The ranges are those of a release; before it has happened the tarballs stand in for it. */
async function useTarballs(folder: string): Promise<void> {
  const path = join(folder, 'package.json');
  const manifest: Record<'dependencies' | 'devDependencies', Record<string, string>> = JSON.parse(
    await readFile(path, 'utf8'),
  );
  for (const ranges of [manifest.dependencies, manifest.devDependencies]) {
    for (const name of Object.keys(ranges)) {
      if (!name.startsWith('@kohort/')) continue;
      expect([name, ranges[name]]).toEqual([name, expect.stringMatching(/^\^\d+\.\d+\.\d+$/)]);
      ranges[name] = `file:${tarballOf(name)}`;
    }
  }
  await writeFile(path, JSON.stringify(manifest, null, 2));
}

/** One folder for all kinds, so that tools are installed once. */
async function writeAndInstall(): Promise<void> {
  const own = [...tarballs].filter(([name]) => name.startsWith('@kohort/'));
  const overrides = Object.fromEntries(own.map(([name, tarball]) => [name, `file:${tarball}`]));
  const house = { private: true, workspaces: KINDS.map(({ name }) => nameOf(name)), overrides };
  await writeFile(join(plugins, 'package.json'), JSON.stringify(house));
  const command = join(temp, 'node_modules/.bin/create-kohort-plugin');
  for (const { name: kind } of KINDS) {
    const printed = await run(plugins, command, '--kind', kind, '--name', nameOf(kind));
    expect(printed).toContain(`cd ${nameOf(kind)}`);
    await useTarballs(join(plugins, nameOf(kind)));
  }
  await run(plugins, 'npm', 'install', '--prefer-offline');
}

const nameOf = (kind: string) => `kohort-plugin-made-of-a-${kind}`;

describe('a plugin that was just written', () => {
  it('comes from a command that installs nothing else', async () => {
    const installed = await readdir(join(temp, 'node_modules'));
    expect(installed.filter((name) => !name.startsWith('.'))).toEqual(['create-kohort-plugin']);
  });

  it.each(KINDS)(
    '$name: installs, checks, builds, keeps the laws, and can be used',
    async ({ name: kind }) => {
      const name = nameOf(kind);
      const folder = join(plugins, name);
      await run(folder, 'npm', 'run', 'check');
      await run(folder, 'npm', 'run', 'build');
      expect(await run(folder, 'npm', 'test')).toMatch(/Tests .*\d+ passed/);

      const factory = `madeOfA${kind.slice(0, 1).toUpperCase()}${kind.slice(1)}`;
      const inEsm = `console.log(typeof (await import('${name}')).${factory})`;
      const inCjs = `console.log(typeof require('${name}').${factory})`;
      expect(await run(folder, process.execPath, '--input-type=module', '--eval', inEsm)).toBe('function\n');
      expect(await run(folder, process.execPath, '--input-type=commonjs', '--eval', inCjs)).toBe(
        'function\n',
      );
      const packed: readonly { files: readonly { path: string }[] }[] = JSON.parse(
        await run(folder, 'npm', 'pack', '--dry-run', '--json'),
      );
      expect(packed[0]?.files.map(({ path }) => path).sort()).toEqual([
        'LICENSE',
        'README.md',
        'dist/index.cjs',
        'dist/index.d.cts',
        'dist/index.d.ts',
        'dist/index.js',
        'package.json',
      ]);
    },
    LONGEST_MS,
  );
});
