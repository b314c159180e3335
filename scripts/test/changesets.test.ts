/** Changesets that the release can read: a formatter once took their front matter for a heading. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const folder = join(root, '.changeset');
const published = new Map(
  readdirSync(join(root, 'packages')).map((name) => {
    const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
    return [String(manifest.name), manifest.private !== true];
  }),
);

describe('changesets', () => {
  it.each(readdirSync(folder).filter((file) => file.endsWith('.md') && file !== 'README.md'))(
    '%s names packages that are published, and says what changes',
    (file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      const [, matter = '', summary = ''] =
        /^---\n((?:'[^']+': (?:major|minor|patch)\n)+)---\n\n(\S.*)$/s.exec(text) ?? [];
      expect(summary, 'front matter between two lines of ---, then a summary').not.toBe('');
      for (const [, name = ''] of matter.matchAll(/^'([^']+)'/gm))
        expect(published.get(name), name).toBe(true);
    },
  );
});
