/**
 * The packages as users get them: packed, published to a registry on loopback, installed into empty projects by npm
 * and by pnpm under strict peer rules, and used from ES modules, CommonJS and TypeScript, on every Node.js line.
 */
import { copyFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Registry, startRegistry } from '../../release/local-registry.mjs';
import { type NodeBinary, nodeBinary } from '../../release/node-binaries.mjs';
import { registryEnvironment, startRehearsal } from '../../release/rehearsal.mjs';
import { runBounded } from '../../release/run-bounded.mjs';
import { compile, type Resolution } from './support/compile.ts';
import { install, installedByNpm, installedByPnpm, type PackageManager } from './support/projects.ts';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../../..');

/** What the whole set needs from others: required peers, what those depend on, and the types of Node.js. */
const FOREIGN = ['@types/node', 'fast-check', 'kafkajs', 'pure-rand', 'undici-types'];
const ASKED = { kafkajs: '2.2.4', 'fast-check': '4', '@types/node': '20' };
const NODE_LINES = [20, 22, 24];
const MANAGERS: readonly PackageManager[] = ['npm', 'pnpm'];
/** The declarations are the same files in both installations, so pnpm's is compiled in one mode. */
const INSTALLATIONS: readonly (readonly [PackageManager, Resolution])[] = [
  ['npm', 'node16'],
  ['npm', 'nodenext'],
  ['npm', 'bundler'],
  ['pnpm', 'nodenext'],
];

let temp = '';
let registry: Registry;
let env: NodeJS.ProcessEnv;
let published: string[] = [];
const nodes = new Map<number, NodeBinary>();

/** The folder of the project that has everything. */
const everything = (manager: PackageManager): string => join(temp, `everything-${manager}`);

beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'kohort-matrix-'));
  registry = await startRegistry();
  const rehearsal = await startRehearsal(root, temp, registry);
  await rehearsal.release();
  published = Object.keys(await rehearsal.versions()).filter((name) => name.startsWith('@kohort/'));
  env = await registryEnvironment(registry, temp);
  for (const manager of MANAGERS) {
    await install(everything(manager), env, manager, { ...packages(published), ...ASKED });
  }
  for (const major of NODE_LINES) nodes.set(major, await nodeBinary(major));
}, 240_000);

afterAll(async () => {
  await registry?.close();
  if (temp !== '') await rm(temp, { recursive: true, force: true });
});

/** The first release of each. */
function packages(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, '1.0.0']));
}

/** Where a Node.js line cannot be had, the run says so; in CI that is a failure, unless there is no network. */
function nodeOrSkip(major: number, skip: (reason: string) => never): string {
  const binary = nodes.get(major);
  if (binary === undefined) throw new Error(`Node.js ${major} was not looked for`);
  if ('executable' in binary) return binary.executable;
  const reason = `NODE.JS ${major} COULD NOT BE FETCHED, so nothing was tried on it: ${binary.missing}`;
  if (process.env.CI === 'true' && !binary.offline) throw new Error(reason);
  console.warn(reason);
  return skip(reason);
}

describe('node_modules holds what was asked for, and nothing else', () => {
  it('core over plain sockets: three packages', async () => {
    const folder = join(temp, 'tcp');
    await install(folder, env, 'npm', packages(['@kohort/core', '@kohort/transport-tcp']));
    const expected = ['@kohort/core', '@kohort/protocol', '@kohort/transport-tcp'];
    expect(await installedByNpm(folder)).toEqual(expected);
  });

  it('core over kafkajs: four packages', async () => {
    const folder = join(temp, 'kafkajs');
    const asked = packages(['@kohort/core', '@kohort/transport-kafkajs']);
    await install(folder, env, 'npm', { ...asked, kafkajs: '2.2.4' });
    const expected = ['@kohort/core', '@kohort/protocol', '@kohort/transport-kafkajs', 'kafkajs'];
    expect(await installedByNpm(folder)).toEqual(expected);
  });

  it('everything, by npm and by pnpm', async () => {
    const expected = [...published, ...FOREIGN].sort();
    expect(await installedByNpm(everything('npm'))).toEqual(expected);
    expect(await installedByPnpm(everything('pnpm'))).toEqual(expected);
  });

  it('a missing peer is named under strict rules', async () => {
    const attempt = install(join(temp, 'no-peer'), env, 'pnpm', packages(['@kohort/transport-kafkajs']));
    await expect(attempt).rejects.toThrow(/missing peer kafkajs@/);
  });

  it('a peer of a version that was never tried is refused', async () => {
    const asked = { ...packages(['@kohort/transport-kafkajs']), kafkajs: '1.16.0' };
    await expect(install(join(temp, 'old-peer'), env, 'npm', asked)).rejects.toThrow(
      /ERESOLVE(.|\n)*kafkajs/,
    );
  });

  it('no package runs a script at installation, and all say which Node.js they need', async () => {
    for (const name of published) {
      const file = join(everything('npm'), 'node_modules', name, 'package.json');
      const { engines, scripts = {} } = JSON.parse(await readFile(file, 'utf8'));
      expect([name, engines]).toEqual([name, { node: '>=20.19' }]);
      expect(Object.keys(scripts).filter((script) => /install|prepare/.test(script))).toEqual([]);
    }
  });
});

describe.each(INSTALLATIONS)('a group runs, installed by %s, types by %s', (manager, resolution) => {
  let programs: string[] = [];

  beforeAll(async () => {
    programs = await compile(everything(manager), resolution);
  });

  it.for(NODE_LINES)('on Node.js %i', async (major, { skip }) => {
    const node = nodeOrSkip(major, skip);
    // ES modules and CommonJS; a bundler makes one file.
    expect(programs).toHaveLength(resolution === 'bundler' ? 1 : 2);
    for (const program of programs) {
      const output = await runBounded(node, [program], { cwd: everything(manager), timeout: 30_000 });
      expect(output).toMatch(new RegExp(`^${major}\\.\\S+ handled 24 committed 24\n$`));
    }
  });
});

describe('copies side by side', () => {
  beforeAll(async () => {
    const modules = join(everything('npm'), 'node_modules');
    const other = join(modules, 'core-of-another-version');
    await cp(join(modules, '@kohort/core'), other, { recursive: true });
    const file = join(other, 'package.json');
    const manifest = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(
      file,
      JSON.stringify({ ...manifest, name: 'core-of-another-version', version: '1.99.0' }),
    );
    await copyFile(join(here, 'programs/copies.mjs'), join(everything('npm'), 'copies.mjs'));
  });

  it.for(NODE_LINES)(
    'know the errors of each other, and refuse later plugins, on Node.js %i',
    async (major, { skip }) => {
      const node = nodeOrSkip(major, skip);
      const options = { cwd: everything('npm'), timeout: 30_000 };
      expect(await runBounded(node, ['copies.mjs'], options)).toBe('25 pairs of copies\n');
    },
  );
});
