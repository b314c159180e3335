/** Which pages the documentation's site has, in the order of its sidebar, and where each of them stands. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Where the pages of the API are written: beside the site's configuration, not in version control. */
export const API_FOLDER = 'site/api';

/** Pages by their paths in the repository. A test says that none is missing and none is there twice. */
const SECTIONS = [
  {
    title: 'Start',
    pages: [
      'README.md',
      'docs/getting-started.md',
      'docs/coming-from-kafkajs.md',
      'docs/coming-from-kafkaex.md',
      'apps/example/README.md',
    ],
  },
  {
    title: 'Guide',
    pages: [
      'docs/handlers-and-commits.md',
      'docs/rebalancing.md',
      'docs/observability.md',
      'docs/testing.md',
      'SECURITY.md',
    ],
  },
  {
    title: 'Reference',
    pages: [
      'docs/options.md',
      'docs/errors.md',
      'docs/failure-tables.md',
      'docs/metrics.md',
      'docs/compatibility.md',
    ],
  },
  { title: 'Runbooks', pages: pagesIn('docs/runbooks') },
  { title: 'Plugins', pages: pagesIn('docs/plugins') },
  {
    title: 'Packages',
    pages: readdirSync(join(ROOT, 'packages')).flatMap((name) => pagesIn(`packages/${name}`)),
  },
  {
    title: 'Contributing',
    pages: ['CONTRIBUTING.md', ...pagesIn('docs/internals'), 'apps/bench/README.md'],
  },
];

/** Pages of one folder, its README first. @param {string} folder */
function pagesIn(folder) {
  const names = readdirSync(join(ROOT, folder)).filter(
    (name) => name.endsWith('.md') && name !== 'CHANGELOG.md',
  );
  const others = names.filter((name) => name !== 'README.md').sort();
  return [...(names.includes('README.md') ? ['README.md'] : []), ...others].map(
    (name) => `${folder}/${name}`,
  );
}

/** Paths in the repository of everything that people read. */
export const PAGES = SECTIONS.flatMap(({ pages }) => pages);

/**
 * Where a page stands on the site: `docs` is its root, README.md of the repository its front page.
 *
 * @param {string} path in the repository
 */
export function placeOf(path) {
  if (!path.includes('/')) return path === 'README.md' ? 'index.md' : path.toLowerCase();
  if (path.startsWith(`${API_FOLDER}/`))
    return `api/${path.slice(API_FOLDER.length + 1).replace('@kohort/', '')}`;
  const [, workspace] = /^((?:packages|apps)\/[^/]+)\/README\.md$/.exec(path) ?? [];
  if (workspace !== undefined) return `${workspace}.md`;
  return path.replace(/^docs\//, '').replace(/(^|\/)README\.md$/, '$1index.md');
}

/** The address of a page within the site. @param {string} path in the repository */
export function addressOf(path) {
  return `/${placeOf(path)}`.replace(/(^|\/)index\.md$/, '$1').replace(/\.md$/, '.html');
}

/** @param {string} path of a page in the repository */
function titleOf(path) {
  const [, title] = /^# (.+)$/m.exec(readFileSync(join(ROOT, path), 'utf8')) ?? [];
  if (title === undefined) throw new Error(`${path} has no heading`);
  return title.replaceAll('`', '').replaceAll('\\', '');
}

/** The sidebar as VitePress takes it. @param {readonly string[]} apiPages paths in the repository */
export function sidebar(apiPages) {
  return [...SECTIONS, { title: 'API', pages: apiPages }].map(({ title, pages }) => ({
    text: title,
    collapsed: pages.length > 8,
    items: pages.map((path) => ({ text: titleOf(path), link: addressOf(path) })),
  }));
}

/** Pages of the API, in the order of their addresses. */
export function apiPages() {
  return readdirSync(join(ROOT, API_FOLDER), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => posix.join(entry.parentPath.slice(ROOT.length), entry.name))
    .sort((a, b) => (addressOf(a) < addressOf(b) ? -1 : 1));
}
