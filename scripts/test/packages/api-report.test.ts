/** A report follows the types of an entry: exported ones, and those that they show. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { apiReports, publishedEntries } from '../../api/api-report.mjs';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

const SHOWN = `interface Shown {
  readonly depth: number;
}
declare function make(): Shown;
export { make };
`;

/** A repository with one published package, whose declarations are built, and a private one. */
async function repository(declarations: string): Promise<string> {
  const temp = await mkdtemp(join(tmpdir(), 'kohort-api-test-'));
  folders.push(temp);
  const target = { import: { types: './dist/index.d.ts' } };
  const published = { name: 'one', version: '1.0.0', publishConfig: { exports: { '.': target } } };
  const files = {
    'packages/one/package.json': JSON.stringify(published),
    'packages/one/dist/index.d.ts': declarations,
    'packages/two/package.json': JSON.stringify({ name: 'two', private: true }),
  };
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(temp, file)), { recursive: true });
    await writeFile(join(temp, file), text);
  }
  return temp;
}

async function reportOf(declarations: string): Promise<string> {
  const root = await repository(declarations);
  const entries = await publishedEntries(root);
  expect(entries.map(({ report }) => report)).toEqual(['one/index.api.md']);
  return (await apiReports(root, entries)).get('one/index.api.md') ?? '';
}

describe('api report', () => {
  it('has what is exported and what that shows, in one order whatever the source has', async () => {
    const report = await reportOf(`export declare const b: number;\n${SHOWN}`);
    expect(report).toContain('\ninterface Shown {');
    expect(report).toContain('export function make(): Shown;');
    const [before = ''] = report.split('export function make');
    expect(before).toContain('export const b: number;');
  });

  it('changes with a type that is only shown', async () => {
    const before = await reportOf(SHOWN);
    const after = await reportOf(SHOWN.replace('depth: number', 'depth: string'));
    expect(after).not.toBe(before);
    expect(after).toContain('readonly depth: string;');
  });

  it('refuses declarations that do not compile', async () => {
    await expect(reportOf('export declare const x: Missing;\n')).rejects.toThrow(
      /one\/index\.api\.md: .*Missing/,
    );
  });
});
