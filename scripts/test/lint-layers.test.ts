/**
 * The import tables and forbidden globals of `biome.json`, proved on deliberate violations: a copy of the
 * configurations, one tree of tiny files, one run of the linter.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const imports = 'lint/style/noRestrictedImports';
const globals = 'lint/style/noRestrictedGlobals';

interface Case {
  readonly folder: string;
  readonly text: string;
  /** The rule that must fire; undefined where the line is legal. */
  readonly rule?: string;
}

const cases: readonly Case[] = [
  ...forbiddenImports(
    'packages/core/src',

    '@kohort/protocol',
    'kafkajs',
    '../test/x.ts',
  ),
  ...forbiddenImports('packages/core/src/contracts', '../wire/x.ts', 'node:buffer', 'kafkajs'),
  ...forbiddenImports('packages/core/src/errors', '../runtime/x.ts', '../index.ts'),
  ...forbiddenImports('packages/core/src/wire', '../membership/x.ts', '../assignment/x.ts', 'node:buffer'),
  ...forbiddenImports('packages/core/src/assignment', '../membership/x.ts', '../runtime/x.ts', 'node:util'),
  ...forbiddenImports('packages/core/src/membership', '../runtime/x.ts', '../consume/x.ts', '../commit/x.ts'),
  ...forbiddenImports('packages/core/src/membership', '../cluster/x.ts', '../config/x.ts', 'node:events'),
  ...forbiddenImports('packages/core/src/cluster', '../membership/x.ts', '../runtime/x.ts', '../wire/x.ts'),
  ...forbiddenImports('packages/core/src/runtime', '../consume/x.ts', '../commit/x.ts', '../config/x.ts'),
  ...forbiddenImports(
    'packages/core/src/runtime',
    '../create-consumer-group.ts',
    'node:timers',
    'node:crypto',
  ),
  ...forbiddenImports('packages/core/src/commit', '../membership/x.ts', '../runtime/x.ts', '../consume/x.ts'),
  ...forbiddenImports('packages/core/src/consume', '../membership/x.ts', '../runtime/x.ts', '../config/x.ts'),
  ...forbiddenImports('packages/core/src/config', '../create-consumer-group.ts', '../index.ts', 'kafkajs'),
  ...forbiddenImports(
    'packages/protocol/src',
    '@kohort/core',
    '@kohort/testkit',
    '../../core/src/x.ts',
    'long',
  ),
  ...forbiddenImports('packages/assignors/src', '@kohort/core', '@kohort/metrics', 'node:fs', 'lodash'),
  ...forbiddenImports(
    'packages/transport-kafkajs/src',
    '@kohort/core',
    '@kohort/broker-embedded',
    'kafkajs-lz4',
  ),
  ...forbiddenImports('packages/transport-tcp/src', '@kohort/core', '@kohort/testkit', 'kafkajs'),
  ...forbiddenImports(
    'packages/broker-embedded/src',
    '@kohort/core',
    '@kohort/testkit',
    'kafkajs',
    'node:timers',
  ),
  ...forbiddenImports('packages/metrics/src', '@kohort/protocol', 'kafkajs', 'winston'),
  ...forbiddenImports('packages/testkit/src', '@kohort/core', '@kohort/broker-embedded', 'vitest'),
  ...forbiddenImports('packages/core/test', '../../protocol/src/x.ts'),
  ...forbiddenImports(
    'packages/integration-tests/test/simulation',
    '../../../core/src/x.ts',
    '@kohort/core/src/x.ts',
  ),
  ...forbiddenImports('apps/example/src', '../../../packages/core/src/x.ts'),

  ...forbiddenGlobals('packages/core/src/runtime', 'Date.now()', 'setTimeout(f, 1)', 'setInterval(f, 1)'),
  ...forbiddenGlobals('packages/core/src', 'performance.now()', 'setImmediate(f)'),
  ...forbiddenGlobals(
    'packages/core/src/membership',
    'Date.now()',
    'Promise.resolve()',
    'process.pid',
    'fetch(f)',
  ),
  ...forbiddenGlobals('packages/core/src/assignment', 'setTimeout(f, 1)', 'queueMicrotask(f)'),
  ...forbiddenGlobals('packages/core/src/wire', 'Buffer.alloc(1)', 'new AbortController()'),
  ...forbiddenGlobals('packages/protocol/src', 'Date.now()', 'setTimeout(f, 1)'),
  ...forbiddenGlobals('packages/assignors/src', 'Date.now()', 'setTimeout(f, 1)'),
  ...forbiddenGlobals(
    'packages/broker-embedded/src/group',
    'Date.now()',
    'setInterval(f, 1)',
    'performance.now()',
  ),

  ...legalImports('packages/core/src', './runtime/x.ts', './config/x.ts', './errors/x.ts'),
  ...legalImports('packages/core/src/contracts', './x.ts', '../errors/x.ts'),
  ...legalImports(
    'packages/core/src/membership',
    './x.ts',
    '../assignment/x.ts',
    '../wire/x.ts',
    '../contracts/x.ts',
  ),
  ...legalImports('packages/core/src/runtime', '../membership/x.ts', '../cluster/x.ts', 'node:events'),
  ...legalImports('packages/core/src/consume', '../commit/x.ts', '../cluster/x.ts', '../errors/x.ts'),
  ...legalImports('packages/protocol/src', '@kohort/core/spi', './codecs/x.ts', 'node:zlib'),
  ...legalImports('packages/protocol/src/codecs', '../x.ts', '@kohort/core/spi'),
  ...legalImports('packages/transport-kafkajs/src', '@kohort/core/spi', '@kohort/protocol', 'kafkajs'),
  ...legalImports('packages/transport-tcp/src', '@kohort/core/spi', '@kohort/protocol', 'node:tls'),
  ...legalImports('packages/broker-embedded/src', '@kohort/core/spi', '@kohort/protocol', 'node:net'),
  ...legalImports('packages/metrics/src', '@kohort/core', '@kohort/core/spi', '@opentelemetry/api'),
  ...legalImports('packages/core/test/membership', '../../src/membership/x.ts'),
  ...legalImports('apps/example/src', '@kohort/core', '@kohort/transport-kafkajs'),
  { folder: 'packages/transport-kafkajs/src', text: 'export const x = Date.now();' },
];

function forbiddenImports(folder: string, ...specifiers: readonly string[]): Case[] {
  return legalImports(folder, ...specifiers).map((legal) => ({ ...legal, rule: imports }));
}

function forbiddenGlobals(folder: string, ...expressions: readonly string[]): Case[] {
  return expressions.map((expression) => ({
    folder,
    text: `export const x = (f: () => void) => [f, ${expression}];`,
    rule: globals,
  }));
}

function legalImports(folder: string, ...specifiers: readonly string[]): Case[] {
  return specifiers.map((specifier) => ({ folder, text: `export type { X } from '${specifier}';` }));
}

/** The path of a case: numbered, so that no two share a file. */
function pathOf(index: number): string {
  return `${cases[index]?.folder}/case-${index}.ts`;
}

async function plant(tree: string): Promise<void> {
  await cp(join(root, 'biome.json'), join(tree, 'biome.json'));
  for (const name of await readdir(join(root, 'packages'))) {
    const config = join(root, 'packages', name, 'biome.json');
    await mkdir(join(tree, 'packages', name), { recursive: true });
    await cp(config, join(tree, 'packages', name, 'biome.json')).catch(ignoreMissing);
  }
  for (const [index, { text }] of cases.entries()) {
    const path = join(tree, pathOf(index));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `${text}\n`);
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

/** Rules that fired, by path. */
async function lint(tree: string): Promise<Map<string, string[]>> {
  const bin = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const args = [bin, 'lint', '--reporter=json', '--max-diagnostics=none', tree];
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { cwd: tree, maxBuffer: 64 << 20 }, (_error, stdout) => resolve(stdout));
  });
  const rules = new Map<string, string[]>();
  for (const { category, location } of JSON.parse(output).diagnostics) {
    const path = String(location.path.file ?? location.path).replace(`${tree}/`, '');
    rules.set(path, [...(rules.get(path) ?? []), category]);
  }
  return rules;
}

describe('layer tables of the linter', () => {
  let tree = '';
  let fired = new Map<string, string[]>();

  beforeAll(async () => {
    tree = await mkdtemp(join(tmpdir(), 'kohort-layers-'));
    await plant(tree);
    fired = await lint(tree);
  });

  afterAll(async () => {
    await rm(tree, { recursive: true, force: true });
  });

  it.each(cases.map((entry, index) => ({ ...entry, index })))('$folder: $text', ({ index, rule }) => {
    const layerRules = (fired.get(pathOf(index)) ?? []).filter(
      (name) => name === imports || name === globals,
    );
    expect(layerRules).toEqual(rule === undefined ? [] : [rule]);
  });
});
