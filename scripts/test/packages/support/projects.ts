/** Empty projects outside the workspace, and what a package manager puts into their `node_modules`. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runBounded } from '../../../release/run-bounded.mjs';

export type PackageManager = 'npm' | 'pnpm';

/** Peers are never silently left out, and never silently added. */
const INSTALL: Readonly<Record<PackageManager, readonly string[]>> = {
  npm: ['install', '--strict-peer-deps', '--no-audit', '--no-fund', '--prefer-offline'],
  pnpm: ['install', '--strict-peer-dependencies', '--config.auto-install-peers=false', '--prefer-offline'],
};

/** @throws Error with what the package manager says, when it refuses */
export async function install(
  folder: string,
  env: NodeJS.ProcessEnv,
  manager: PackageManager,
  dependencies: Readonly<Record<string, string>>,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const manifest = { name: 'consumer', private: true, dependencies };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await runBounded(manager, INSTALL[manager], { cwd: folder, env });
}

/** Every package below `node_modules`, nested ones too, as `name` or `outer > name`. */
export async function installedByNpm(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await packageNames(join(folder, 'node_modules'))) {
    const nested = await installedByNpm(join(folder, 'node_modules', name));
    found.push(name, ...nested.map((inner) => `${name} > ${inner}`));
  }
  return found.sort();
}

/** Every package in pnpm's virtual store. */
export async function installedByPnpm(folder: string): Promise<string[]> {
  const found = new Set<string>();
  for (const entry of await directories(join(folder, 'node_modules/.pnpm'))) {
    if (entry !== 'node_modules') found.add(entry.replace(/(?<=.)@.*$/, '').replace('+', '/'));
  }
  return [...found].sort();
}

async function packageNames(folder: string): Promise<string[]> {
  const names: string[] = [];
  for (const name of await directories(folder)) {
    if (name.startsWith('.')) continue;
    if (!name.startsWith('@')) names.push(name);
    else names.push(...(await directories(join(folder, name))).map((inner) => `${name}/${inner}`));
  }
  return names;
}

async function directories(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}
