/** A project of somebody who tests an assignor, in a folder of its own: packages as npm would lay them out, in ESM and CommonJS. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const require = createRequire(import.meta.url);
const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Where each entry of a package comes from. */
const PACKAGES = {
  '@kohort/core': { './spi': source('../../../core/src/spi.ts') },
  '@kohort/protocol': { '.': source('../../../protocol/src/index.ts') },
  '@kohort/testkit': { '.': source('../../src/index.ts') },
} as const;

export class SmallProject {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** @param links packages that are linked as they are */
  static async create(links: readonly string[]): Promise<SmallProject> {
    const project = new SmallProject(await mkdtemp(join(tmpdir(), 'kohort-kit-')));
    await project.write('package.json', JSON.stringify({ name: 'small', private: true }));
    for (const [name, entries] of Object.entries(PACKAGES)) await project.#install(name, entries);
    for (const link of links) {
      const from = dirname(require.resolve(`${link}/package.json`));
      await symlink(from, join(project.folder, 'node_modules', link), 'dir');
    }
    return project;
  }

  async #install(name: string, entries: Readonly<Record<string, string>>): Promise<void> {
    const target = join('node_modules', name);
    const exports: Record<string, { readonly import: string; readonly require: string }> = {};
    for (const [entry, file] of Object.entries(entries)) {
      const base = entry === '.' ? 'index' : entry.slice(2);
      for (const [format, extension] of [['esm', 'mjs'] as const, ['cjs', 'cjs'] as const]) {
        await build({
          entryPoints: [file],
          outfile: join(this.folder, target, `${base}.${extension}`),
          bundle: true,
          format,
          platform: 'node',
          packages: 'external',
        });
      }
      exports[entry] = { import: `./${base}.mjs`, require: `./${base}.cjs` };
    }
    await this.write(join(target, 'package.json'), JSON.stringify({ name, version: '1.0.0', exports }));
  }

  async write(path: string, text: string): Promise<void> {
    const file = join(this.folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }

  /** Runs Node.js in the folder, and says how it ended. */
  node(...args: readonly string[]): Promise<{ readonly code: unknown; readonly output: string }> {
    const options = { cwd: this.folder, timeout: 25_000, env: { PATH: process.env.PATH, CI: 'true' } };
    return new Promise((resolve) => {
      execFile(process.execPath, args, options, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : error.code, output: stdout + stderr }),
      );
    });
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
