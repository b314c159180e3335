// A sink whose library is not installed: one error, which names the package.

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** An application with `@kohort/metrics` and the core, and nothing else, in its `node_modules`. */
let app = '';

beforeAll(async () => {
  app = mkdtempSync(join(tmpdir(), 'kohort-app-'));
  const entries = ['prometheus', 'opentelemetry', 'health', 'timeline', 'diagnostics-channel', 'log'];
  for (const [format, extension] of [
    ['esm', 'mjs'],
    ['cjs', 'cjs'],
  ] as const) {
    await build({
      entryPoints: entries.map((entry) => fileURLToPath(new URL(`../src/${entry}.ts`, import.meta.url))),
      outdir: join(app, 'node_modules', 'metrics'),
      outExtension: { '.js': `.${extension}` },
      bundle: true,
      format,
      platform: 'node',
      conditions: ['@kohort/source'],
      external: ['prom-client', '@opentelemetry/api', 'pino'],
    });
  }
  mkdirSync(join(app, 'node_modules'), { recursive: true });
  writeFileSync(join(app, 'package.json'), '{}');
});
afterAll(() => rmSync(app, { recursive: true }));

/** What Node says of a program that loads this file. */
function load(file: string): Promise<{ code: number; stderr: string }> {
  const script = file.endsWith('.cjs')
    ? `require('./node_modules/metrics/${file}')`
    : `import('./node_modules/metrics/${file}')`;
  const { NODE_PATH: _path, ...env } = process.env; // package managers lead it to their own modules
  return new Promise((resolve) => {
    execFile(process.execPath, ['--eval', script], { cwd: app, env, timeout: 20_000 }, (error, _, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stderr });
    });
  });
}

describe('a sink without its library', () => {
  it.each([
    ['prometheus', 'prom-client'],
    ['opentelemetry', '@opentelemetry/api'],
  ])('%s: fails when it is loaded, naming %s once', async (entry, library) => {
    for (const extension of ['mjs', 'cjs']) {
      const { code, stderr } = await load(`${entry}.${extension}`);
      expect({ code, stderr }).toMatchObject({ code: 1 });
      expect(stderr).toMatch(new RegExp(`Error.*: Cannot find (package|module) '${library}'`));
    }
  });

  it.each(['health', 'timeline', 'diagnostics-channel', 'log'])('%s: needs none', async (entry) => {
    for (const extension of ['mjs', 'cjs']) {
      expect(await load(`${entry}.${extension}`)).toEqual({ code: 0, stderr: '' });
    }
  });
});
