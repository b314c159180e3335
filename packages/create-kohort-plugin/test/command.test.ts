/** What the command asks, writes and prints; and that it writes all or nothing. */
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KINDS } from '../src/kinds.ts';
import { writePackage } from '../src/write-package.ts';
import { Rig } from './rig.ts';

let rig: Rig;
beforeEach(() => {
  rig = new Rig();
});
afterEach(() => rig.remove());

describe('flags', () => {
  it('write a package, and print the next three commands', async () => {
    expect(await rig.run(['--kind', 'codec', '--name', '@acme/kohort-fast-gzip'])).toBe(0);
    expect(rig.questions).toEqual([]);
    expect(rig.out.split('\n\n')[1]).toBe('  cd kohort-fast-gzip\n  npm install\n  npm test\n');
    expect(rig.list().filter((path) => !path.includes('/'))).toEqual(['kohort-fast-gzip']);
    expect(rig.read('kohort-fast-gzip/src/index.ts')).toContain(
      'export function fastGzip(): CompressionCodec',
    );
  });

  it('--yes asks nothing and takes what the flags leave open', async () => {
    expect(await rig.run(['--yes'])).toBe(0);
    expect(rig.read('kohort-plugin-example/src/index.ts')).toContain('defineAssignor');
    expect(await rig.run(['-y', '--kind', 'hooks', '--name', 'kohort-plugin-counts'])).toBe(0);
    expect(rig.read('kohort-plugin-counts/src/index.ts')).toContain('export function counts()');
    expect(rig.questions).toEqual([]);
  });

  it('--help explains and writes nothing', async () => {
    expect(await rig.run(['--help'])).toBe(0);
    expect(rig.out).toContain('--kind KIND   assignor, transport, hooks, codec');
    expect(rig.list()).toEqual([]);
  });

  it.each([
    [['--kind', 'sink'], '--kind: there is no kind "sink"; there are assignor, transport, hooks, codec'],
    [['--yes', '--name', 'Rack'], '--name: "Rack" cannot be the name of a package: npm takes lower case'],
    [['--yes', '--name', '../../etc'], '--name: "../../etc" cannot be the name of a package'],
    [['--force'], "Unknown option '--force'"],
    [['here'], "Unexpected argument 'here'"],
    [['--kind'], "Option '--kind <value>' argument missing"],
  ])('%j is refused by one error', async (args, message) => {
    expect(await rig.run(args)).toBe(1);
    expect(rig.err).toContain(`create-kohort-plugin: ${message}`);
    expect(rig.list()).toEqual([]);
  });
});

describe('questions', () => {
  it('ask for what the flags leave open, with a default', async () => {
    expect(await rig.run([], ['', 'kohort-plugin-mine'])).toBe(0);
    expect(rig.questions).toEqual([
      expect.stringContaining('Kind (assignor): '),
      'Name (kohort-plugin-example): ',
    ]);
    expect(rig.read('kohort-plugin-mine/src/index.ts')).toContain('export function mine(): Assignor');
  });

  it('are asked again after an answer that cannot be used', async () => {
    expect(await rig.run(['--kind', 'hooks'], ['No Good', 'good'])).toBe(0);
    expect(rig.questions[1]).toContain('"No Good" cannot be the name of a package');
    expect(rig.list()).toContain('good');
  });

  it('that nobody answers end it', async () => {
    expect(await rig.run([], ['codec'])).toBe(1);
    expect(rig.err).toContain('The input has ended; nothing was written.');
    expect(rig.list()).toEqual([]);
  });
});

describe('each kind', () => {
  it.each(KINDS)('$name: whole, with every name replaced', async ({ name: kind, dependencies }) => {
    expect(await rig.run(['--kind', kind, '--name', 'kohort-plugin-my-own'])).toBe(0);
    const files = rig.list().filter((path) => /\.|LICENSE/.test(path.split('/').at(-1) ?? ''));
    expect(files).toEqual(
      expect.arrayContaining(
        [
          '.github/workflows/ci.yml',
          '.gitignore',
          'LICENSE',
          'README.md',
          'biome.json',
          'package.json',
          'src/index.ts',
          'test/conformance.test.ts',
          'tsconfig.json',
          'tsup.config.ts',
        ].map((path) => `kohort-plugin-my-own/${path}`),
      ),
    );
    for (const file of files.filter((path) => !path.endsWith('.github')))
      expect([file, rig.read(file)]).not.toEqual([
        file,
        expect.stringMatching(/example[- ]?plugin|plugin-example/i),
      ]);
    const manifest: { dependencies: object; devDependencies: object; name: string } = JSON.parse(
      rig.read('kohort-plugin-my-own/package.json'),
    );
    expect(manifest.name).toBe('kohort-plugin-my-own');
    expect(Object.keys(manifest.dependencies)).toEqual(['@kohort/core', ...dependencies]);
    const tools = Object.keys(manifest.devDependencies);
    for (const file of files.filter((path) => path.endsWith('.ts'))) {
      const known = file.includes('/src/') ? ['@kohort/core', ...dependencies] : [...tools, '@kohort/core'];
      const imports = Array.from(
        rig.read(file).matchAll(/ from '((?:@[^/']+\/)?[^/']+)[^']*'/g),
        ([, one]) => one,
      );
      const foreign = imports.filter((one = '') => !one.startsWith('node:') && !one.startsWith('.'));
      expect([file, foreign.filter((one = '') => !known.includes(one))]).toEqual([file, []]);
    }
    expect(rig.read('kohort-plugin-my-own/README.md')).toContain(
      "import { myOwn } from 'kohort-plugin-my-own'",
    );
  });
});

describe('all or nothing', () => {
  it.each([
    ['a folder', () => mkdirSync(join(rig.folder, 'mine'))],
    ['a file', () => writeFileSync(join(rig.folder, 'mine'), 'kept')],
    ['a link that leads nowhere', () => symlinkSync('nowhere', join(rig.folder, 'mine'))],
  ])('leaves %s of that name alone', async (_what, make) => {
    make();
    const before = rig.list();
    expect(await rig.run(['--yes', '--name', 'mine'])).toBe(1);
    expect(rig.err).toContain('mine exists already. Choose another --name');
    expect(rig.list()).toEqual(before);
  });

  it('takes everything back when a file cannot be written', () => {
    const files = [
      { path: 'a', text: '' },
      { path: 'a/b', text: 'a is a file' },
    ];
    expect(() => writePackage(join(rig.folder, 'mine'), files)).toThrow();
    expect(rig.list()).toEqual([]);
  });

  it('says when the folder cannot be written to', async () => {
    chmodSync(rig.folder, 0o555);
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534); // root may write everywhere
    try {
      expect(await rig.run(['--yes'])).toBe(1);
    } finally {
      if (isRoot) process.seteuid?.(0);
      chmodSync(rig.folder, 0o755);
    }
    expect(rig.err).toContain(`${rig.folder} cannot be written to (EACCES)`);
    expect(rig.list()).toEqual([]);
  });
});
