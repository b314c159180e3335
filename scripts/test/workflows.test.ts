/** The hosted workflows: what they run is in this repository or pinned, and only the release may write. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const folder = join(root, '.github/workflows');
const textOf = (name: string) => readFileSync(join(folder, name), 'utf8');
const { devEngines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

describe('workflows', () => {
  it.each(readdirSync(folder))(
    '%s: actions by commit, a limit of time, read only unless a job says otherwise',
    (name) => {
      const text = textOf(name);
      const actions = Array.from(text.matchAll(/uses: (\S+)/g), ([, action]) => action);
      expect(actions.length).toBeGreaterThan(0);
      for (const action of actions) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
      expect(text).toMatch(/^permissions:\n {2}contents: read$/m);
      expect(text.match(/runs-on/g)).toHaveLength(text.match(/timeout-minutes/g)?.length ?? 0);
    },
  );

  it('ci: the one entry, on every Node.js line of the matrix of packages', () => {
    expect(textOf('ci.yml')).toContain('run: .ci/run');
    expect(textOf('ci.yml')).toContain('node: [20, 22, 24]');
  });

  it('release: by hand, after ci, frozen, without install scripts, with provenance', () => {
    const text = textOf('release.yml');
    expect(text).toMatch(/^on:\n {2}workflow_dispatch:\n\n/m);
    expect(text).toContain('needs: check');
    expect(text).toContain('id-token: write');
    expect(text).toContain('install --frozen-lockfile --ignore-scripts');
    const versions = Array.from(text.matchAll(/pnpm@(\S+)/g), ([, version]) => version);
    expect(new Set(versions)).toEqual(new Set([devEngines.packageManager.version]));
  });
});
