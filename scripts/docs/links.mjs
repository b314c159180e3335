/**
 * Links of the documentation as they are in the repository, turned into links of its site. What is no page there (a test, a
 * source file) is linked on the host of the repository; what does not exist ends the build.
 */
import { existsSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { API_FOLDER, addressOf, PAGES, ROOT } from './pages.mjs';

const REPOSITORY = 'https://github.com/kohort/kohort';

/**
 * @param {string} href as it is written
 * @param {string} page path in the repository of the page that has it
 * @throws Error for a link that leads nowhere
 */
export function siteLink(href, page) {
  if (/^[a-z]+:/.test(href) || href.startsWith('#')) return href;
  const [path = '', anchor] = href.split('#');
  const target = posix.join(posix.dirname(page), decodeURI(path));
  const hash = anchor === undefined ? '' : `#${anchor}`;
  if (PAGES.includes(target) || target.startsWith(`${API_FOLDER}/`)) return addressOf(target) + hash;
  if (!existsSync(join(ROOT, target))) throw new Error(`${page}: the link to ${href} leads nowhere`);
  const kind = statSync(join(ROOT, target)).isDirectory() ? 'tree' : 'blob';
  return `${REPOSITORY}/${kind}/main/${target}${hash}`;
}

/**
 * Anchors of headings as the host of the repository makes them, so that one link works in both places.
 *
 * @param {string} heading
 */
export function anchorOf(heading) {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}
