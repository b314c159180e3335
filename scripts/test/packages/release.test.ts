/** Releases played through: packages are versioned on their own, and a release publishes what changed, no more. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Registry, startRegistry } from '../../release/local-registry.mjs';
import { type Rehearsal, startRehearsal } from '../../release/rehearsal.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

const note = (name: string, bump: 'patch' | 'minor' | 'major') => ({
  [`rehearsal-${bump}.md`]: `---\n'${name}': ${bump}\n---\n\nA change that is rehearsed.\n`,
});

describe('a release', () => {
  let temp = '';
  let registry: Registry;
  let rehearsal: Rehearsal;

  beforeAll(async () => {
    temp = await mkdtemp(join(tmpdir(), 'kohort-release-'));
    registry = await startRegistry();
    rehearsal = await startRehearsal(root, temp, registry);
  }, 120_000);

  afterAll(async () => {
    await registry?.close();
    if (temp !== '') await rm(temp, { recursive: true, force: true });
  });

  it('the first: 1.0.0 of every package, with a changelog, siblings by range', async () => {
    const names = Object.keys(await rehearsal.versions()).sort();
    expect(await rehearsal.release()).toEqual(names.map((name) => `${name}@1.0.0`));
    for (const name of names) {
      const manifest = registry.manifest(name, '1.0.0');
      const siblings = Object.entries(manifest?.dependencies ?? {});
      expect(siblings.filter(([, range]) => range !== '^1.0.0')).toEqual([]);
    }
    const changelog = join(rehearsal.folder, 'packages/core/CHANGELOG.md');
    expect(await readFile(changelog, 'utf8')).toMatch(/^# @kohort\/core\n\n## 1\.0\.0\n/);
  });

  it('again, with nothing to say: publishes nothing', async () => {
    expect(await rehearsal.release()).toEqual([]);
  });

  it('a patch of one plugin: that plugin alone', async () => {
    const released = await rehearsal.release(note('@kohort/assignors', 'patch'));
    expect(released).toEqual(['@kohort/assignors@1.0.1']);
  });

  it('a minor of core: core alone; plugins that are there accept it', async () => {
    expect(await rehearsal.release(note('@kohort/core', 'minor'))).toEqual(['@kohort/core@1.1.0']);
    expect(registry.manifest('@kohort/assignors', '1.0.1')?.dependencies).toEqual({
      '@kohort/core': '^1.0.0',
    });
  });

  it('a major of core: every package that stands on it, with a range that asks for it', async () => {
    const released = await rehearsal.release(note('@kohort/core', 'major'));
    expect(released).toContain('@kohort/core@2.0.0');
    for (const [name, version] of Object.entries(await rehearsal.versions())) {
      if (name === '@kohort/core') continue;
      const ranges = registry.manifest(name, version)?.dependencies ?? {};
      if (Object.hasOwn(ranges, '@kohort/core')) {
        expect(released).toContain(`${name}@${version}`);
        expect(ranges).toMatchObject({ '@kohort/core': '^2.0.0' });
      } else expect(released).not.toContain(`${name}@${version}`);
    }
  });
});
