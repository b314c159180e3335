/** The licence report follows dependencies as they are installed, and names what is not accepted. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { tableAgrees, writeTable } from '../release/generated-table.mjs';
import { licenceProblems, licenceTable, licensedPackages } from '../release/licence-report.mjs';

let temp = '';
afterEach(async () => {
  await rm(temp, { recursive: true, force: true });
});

/** A workspace with one published package, laid out as pnpm does. */
async function workspace(peers: Readonly<Record<string, string>>): Promise<string> {
  temp = await mkdtemp(join(tmpdir(), 'kohort-licences-'));
  const put = async (folder: string, manifest: object) => {
    await mkdir(join(temp, folder), { recursive: true });
    await writeFile(join(temp, folder, 'package.json'), JSON.stringify(manifest));
  };
  const link = async (from: string, to: string) => {
    await mkdir(dirname(join(temp, from)), { recursive: true });
    await symlink(join(temp, to), join(temp, from));
  };
  await put('packages/own', { name: 'own', version: '1.0.0', peerDependencies: peers });
  await put('packages/hidden', {
    name: 'hidden',
    version: '1.0.0',
    private: true,
    dependencies: { gone: '1' },
  });
  const outer = 'store/@a+outer/node_modules';
  const needs = { name: '@a/outer', version: '1.0.0', license: 'MIT', dependencies: { inner: '2' } };
  await put(`${outer}/@a/outer`, needs);
  await put('store/inner/node_modules/inner', { name: 'inner', version: '2.0.0', license: 'GPL-3.0-only' });
  await link(`${outer}/inner`, 'store/inner/node_modules/inner');
  await link('packages/own/node_modules/@a/outer', `${outer}/@a/outer`);
  return temp;
}

describe('licence report', () => {
  it('follows what dependencies depend on, and names a licence that is not accepted', async () => {
    const packages = await licensedPackages(await workspace({ '@a/outer': '^1.0.0' }));
    expect(packages).toEqual([
      { name: '@a/outer', version: '1.0.0', licence: 'MIT', neededBy: ['own'] },
      { name: 'inner', version: '2.0.0', licence: 'GPL-3.0-only', neededBy: ['@a/outer'] },
    ]);
    expect(licenceProblems(packages)).toEqual([
      expect.stringMatching(/^inner@2\.0\.0, needed by @a\/outer: licence GPL-3\.0-only; accepted are .*MIT/),
    ]);
  });

  it('does not pass over a peer that is not installed', async () => {
    await expect(licensedPackages(await workspace({ absent: '^1.0.0' }))).rejects.toThrow(
      'absent is not installed, so its licence cannot be read',
    );
  });

  it('agrees with the page after a formatter, and not after a change', async () => {
    const page = join(await workspace({}), 'page.md');
    const one = { name: 'a', version: '1.0.0', licence: 'MIT', neededBy: ['own'] };
    await writeFile(page, 'text\n\n<!-- x: begin -->\n\nold\n\n<!-- x: end -->\n');
    expect(await tableAgrees(page, 'x', licenceTable([one]))).toBe(false);
    await writeTable(page, 'x', licenceTable([one]).replaceAll('| MIT', '|  MIT  '));
    expect(await tableAgrees(page, 'x', licenceTable([one]))).toBe(true);
    expect(await tableAgrees(page, 'x', licenceTable([{ ...one, licence: 'ISC' }]))).toBe(false);
    await expect(tableAgrees(page, 'y', '')).rejects.toThrow('no place for the table "y"');
  });
});
