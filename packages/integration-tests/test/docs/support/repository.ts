/** Files of the repository that documentation lives in. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../../../../', import.meta.url));

/** A file of the repository by its path, with forward slashes. */
export function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Names of the folders in `packages` and `apps` that have a manifest, as paths. */
export function workspaceFolders(): readonly string[] {
  return ['packages', 'apps'].flatMap((parent) =>
    readdirSync(join(ROOT, parent), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && existsSync(join(ROOT, parent, entry.name, 'package.json')))
      .map(({ name }) => `${parent}/${name}`),
  );
}

/** Every page that people read: the pages of the root, of `docs`, and of each package. */
export function markdownPages(): readonly string[] {
  const own = readdirSync(ROOT).filter((name) => name.endsWith('.md'));
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'));
  const ofPackages = workspaceFolders().flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => name.endsWith('.md') && name !== 'CHANGELOG.md')
      .map((name) => `${folder}/${name}`),
  );
  return [...own, ...docs, ...ofPackages].sort();
}

/** Entry files of all packages that are published: what `exports` of a manifest names for a run on the sources. */
export function entryFiles(): readonly string[] {
  return workspaceFolders()
    .filter((folder) => folder.startsWith('packages/'))
    .flatMap((folder) => {
      const manifest: unknown = JSON.parse(readText(`${folder}/package.json`));
      const found = JSON.stringify(manifest).matchAll(/"@kohort\/source":"\.\/(src\/[^"]+)"/g);
      return Array.from(found, ([, path]) => `${folder}/${path}`);
    });
}

/** Sources of published packages, whose doc comments editors and the reference of the API show. */
export function publishedSources(): readonly string[] {
  return workspaceFolders()
    .filter(
      (folder) =>
        folder.startsWith('packages/') && !readText(`${folder}/package.json`).includes('"private": true'),
    )
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder, 'src'), { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.ts'))
        .map((path) => `${folder}/src/${path.split(sep).join('/')}`),
    );
}
