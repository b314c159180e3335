/** Looks in a site that has been built for links to pages and anchors that are not there. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';

/**
 * @param {ReadonlyMap<string, string>} pages HTML by path within the site, such as `plugins/codec.html`
 * @returns {string[]} one line for each dead link
 */
export function deadLinks(pages) {
  const ids = new Map(
    Array.from(pages, ([path, html]) => [
      path,
      new Set(Array.from(html.matchAll(/\sid="([^"]+)"/g), ([, id = '']) => decoded(id))),
    ]),
  );
  return Array.from(pages).flatMap(([path, html]) =>
    Array.from(html.matchAll(/<a\b[^>]*\shref="([^"]+)"/g), ([, href = '']) => decoded(href))
      .filter((href) => !/^[a-z]+:/.test(href) && leadsNowhere(href, path, ids))
      .map((href) => `${path}: ${href}`),
  );
}

/**
 * @param {string} href
 * @param {string} from
 * @param {ReadonlyMap<string, ReadonlySet<string>>} ids
 */
function leadsNowhere(href, from, ids) {
  const [path = '', anchor = ''] = href.split('#');
  const joined = path.startsWith('/') ? path.slice(1) : posix.join(posix.dirname(from), path);
  const target = path === '' ? from : joined === '' || joined.endsWith('/') ? `${joined}index.html` : joined;
  const found = ids.get(target);
  return found === undefined || (anchor !== '' && !found.has(anchor));
}

/** @param {string} text of an attribute */
function decoded(text) {
  return decodeURIComponent(text.replaceAll('&amp;', '&'));
}

/** The pages of a site. @param {string} folder */
export function htmlPages(folder) {
  return new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.html') && entry.name !== '404.html')
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return [relative(folder, path).split(sep).join('/'), readFileSync(path, 'utf8')];
      }),
  );
}
