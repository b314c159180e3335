/** The documentation's site has every page, each once, and links that lead nowhere are found. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deadLinks } from '../docs/dead-links.mjs';
import { anchorOf, siteLink } from '../docs/links.mjs';
import { addressOf, PAGES, placeOf, ROOT, sidebar } from '../docs/pages.mjs';
import { publicEntries } from '../docs/public-entries.mjs';

/** Markdown that is made for a tool, or by one, and not for readers. */
const NO_PAGES = /(^|\/)(node_modules|dist|\.cache)\/|CHANGELOG\.md$/;

function markdownIn(folder: string, recursive: boolean): string[] {
  return readdirSync(join(ROOT, folder), { recursive, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => (folder === '.' ? path : `${folder}/${path.replaceAll('\\', '/')}`))
    .filter((path) => !NO_PAGES.test(path));
}

describe('pages', () => {
  it('are all of the root, of docs, of packages and apps, each once', () => {
    const folders = ['packages', 'apps'].flatMap((parent) =>
      readdirSync(join(ROOT, parent)).flatMap((name) => markdownIn(`${parent}/${name}`, false)),
    );
    const expected = [...markdownIn('.', false), ...markdownIn('docs', true), ...folders];
    expect(expected.length).toBeGreaterThan(50);
    expect(PAGES.toSorted()).toEqual(expected.toSorted());
  });

  it('have a place and a title each', () => {
    expect(new Set(PAGES.map(placeOf)).size).toBe(PAGES.length);
    const items = sidebar([]).flatMap((section) => section.items);
    expect(items.map(({ link }) => link)).toEqual(PAGES.map(addressOf));
    expect(items.find(({ link }) => link === '/options.html')?.text).toBe('Options');
  });

  it.each([
    ['README.md', 'index.md', '/'],
    ['SECURITY.md', 'security.md', '/security.html'],
    ['docs/options.md', 'options.md', '/options.html'],
    ['docs/plugins/README.md', 'plugins/index.md', '/plugins/'],
    ['packages/core/README.md', 'packages/core.md', '/packages/core.html'],
    ['site/api/@kohort/core/spi/index.md', 'api/core/spi/index.md', '/api/core/spi/'],
  ])('%s stands at %s', (path, place, address) => {
    expect([placeOf(path), addressOf(path)]).toEqual([place, address]);
  });
});

describe('links', () => {
  it.each([
    ['../options.md#transport', '/options.html#transport'],
    ['README.md', '/plugins/'],
    ['../../packages/core/README.md', '/packages/core.html'],
    ['#its-test', '#its-test'],
    ['https://kafka.apache.org', 'https://kafka.apache.org'],
    ['../../packages/core/src', 'https://github.com/kohort/kohort/tree/main/packages/core/src'],
    ['../../LICENSE', 'https://github.com/kohort/kohort/blob/main/LICENSE'],
  ])('%s', (written, expected) => {
    expect(siteLink(written, 'docs/plugins/codec.md')).toBe(expected);
  });

  it('end the build where they lead nowhere', () => {
    expect(() => siteLink('../gone.md', 'docs/plugins/codec.md')).toThrow(
      'docs/plugins/codec.md: the link to ../gone.md leads nowhere',
    );
  });

  it('find headings as the host of the repository names them', () => {
    expect(anchorOf('commitInterval, commitThreshold')).toBe('commitinterval-committhreshold');
    expect(anchorOf('Options of `run` and `close`')).toBe('options-of-run-and-close');
  });

  it('are looked up in what was built', () => {
    const pages = new Map([
      ['index.html', '<h1 id="a&amp;b">x</h1><a href="/p/#c">1</a><a class="x" href="#a&amp;b">2</a>'],
      ['p/index.html', '<a id="c" href="../index.html">3</a><a href="https://example.org/#no">4</a>'],
    ]);
    expect(deadLinks(pages)).toEqual([]);
    pages.set('p/q.html', '<a href="/p/#d">5</a><a href="r.html">6</a><a href="#e">7</a>');
    expect(deadLinks(pages)).toEqual(['p/q.html: /p/#d', 'p/q.html: r.html', 'p/q.html: #e']);
  });
});

describe('the API reference', () => {
  it('has every public entry, and each says what it is for', () => {
    const entries = publicEntries();
    expect(entries).toContain('packages/core/src/spi.ts');
    expect(entries.length).toBeGreaterThan(14);
    for (const path of entries) {
      const [opening] = readFileSync(join(ROOT, path), 'utf8').split('*/');
      expect(opening, path).toContain('@packageDocumentation');
    }
  });

  it('is made by the compiler that builds the packages', () => {
    const versions = ['package.json', 'site/package.json'].map(
      (path) => JSON.parse(readFileSync(join(ROOT, path), 'utf8')).devDependencies.typescript,
    );
    expect(versions[0]).toBe(versions[1]);
  });
});
