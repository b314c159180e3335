/** Each check of a tarball fires on a package that is broken in the way it looks for, and is quiet on a sound one. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attwOf, contentsOf, declarationsOf, loadsOf, type Packed, publintOf } from '../tarball-checks.mjs';

const run = promisify(execFile);

const sound = {
  'README.md': '# sound\n',
  LICENSE: 'text\n',
  'dist/index.js': 'export const answer = 42;\n',
  'dist/index.cjs': 'exports.answer = 42;\n',
  'dist/index.d.ts': 'export declare const answer: number;\n',
  'dist/index.d.cts': 'export declare const answer: number;\n',
};

const entry = {
  import: { types: './dist/index.d.ts', default: './dist/index.js' },
  require: { types: './dist/index.d.cts', default: './dist/index.cjs' },
};

/** Writes a package as a package manager would install it, and its tarball. */
async function packageOf(
  temp: string,
  name: string,
  files: Readonly<Record<string, string>>,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<Packed> {
  const base = {
    name,
    version: '1.0.0',
    type: 'module',
    main: './dist/index.cjs',
    types: './dist/index.d.ts',
  };
  const manifest = {
    ...base,
    license: 'Apache-2.0',
    engines: { node: '>=20' },
    exports: { '.': entry },
    ...fields,
  };
  const unpacked = join(temp, 'node_modules', name);
  for (const [file, text] of Object.entries({ ...files, 'package.json': JSON.stringify(manifest) })) {
    await mkdir(dirname(join(unpacked, file)), { recursive: true });
    await writeFile(join(unpacked, file), text);
  }
  const tarball = join(temp, `${name}.tgz`);
  await run('tar', [
    '-czf',
    tarball,
    '-C',
    join(temp, 'node_modules'),
    `--transform=s,^${name},package,`,
    name,
  ]);
  return { manifest, tarball, unpacked };
}

describe('tarball checks', () => {
  let temp = '';

  beforeAll(async () => {
    temp = await mkdtemp(join(tmpdir(), 'kohort-tarballs-'));
  });

  afterAll(async () => {
    await rm(temp, { recursive: true, force: true });
  });

  it('passes a sound package', async () => {
    const packed = await packageOf(temp, 'sound', sound);
    expect(await contentsOf(packed)).toEqual([]);
    expect(await publintOf(packed)).toEqual([]);
    expect(await attwOf(packed)).toEqual([]);
    expect(await loadsOf(packed, temp)).toEqual([]);
    expect(await declarationsOf([packed], temp)).toEqual([]);
  });

  it('finds missing and foreign files, leaked conditions and ranges, and install scripts', async () => {
    const { 'README.md': _readme, ...files } = sound;
    const leaks = {
      exports: { '.': { '@kohort/source': './src/index.ts', ...entry } },
      dependencies: { sibling: 'workspace:^' },
      scripts: { postinstall: 'true' },
    };
    const packed = await packageOf(temp, 'contents', { ...files, 'src/index.ts': 'export {};\n' }, leaks);
    const found = await contentsOf(packed);
    expect(found).toEqual([
      'no README.md in the tarball',
      'src does not belong into the tarball',
      'src/index.ts does not belong into the tarball',
      expect.stringContaining('source condition'),
      expect.stringContaining('workspace range'),
      expect.stringContaining('install scripts'),
    ]);
  });

  it('finds by publint an export that is not in the tarball', async () => {
    const fields = { exports: { '.': entry, './spi': './dist/spi.js' } };
    expect(await publintOf(await packageOf(temp, 'missing-file', sound, fields))).not.toEqual([]);
  });

  it('finds by attw types that claim another module format', async () => {
    const fields = {
      exports: {
        '.': {
          types: './dist/index.d.ts',
          ...{ import: entry.import.default, require: entry.require.default },
        },
      },
    };
    expect((await attwOf(await packageOf(temp, 'wrong-types', sound, fields))).join()).toMatch(
      /masquerading/i,
    );
  });

  it('finds an entry that throws, and one that exports nothing', async () => {
    const files = {
      ...sound,
      'dist/index.js': 'export {};\n',
      'dist/index.cjs': "throw new Error('at load');\n",
    };
    const found = await loadsOf(await packageOf(temp, 'broken-load', files), temp);
    expect(found).toEqual([expect.stringContaining('exports nothing'), expect.stringContaining('at load')]);
  });

  it('finds a declaration that does not compile', async () => {
    const files = { ...sound, 'dist/index.d.ts': 'export declare const answer: Missing;\n' };
    const packed = await packageOf(temp, 'broken-types', files);
    expect((await declarationsOf([packed], temp)).join()).toContain("Cannot find name 'Missing'");
  });
});
