/** The documentation as a site: the pages stay where they are in the repository. */
import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { anchorOf, siteLink } from '../../scripts/docs/links.mjs';
import { apiPages, placeOf, ROOT, sidebar } from '../../scripts/docs/pages.mjs';

/** Links stand in the text as the repository's host wants them. */
function rewriteLinks(md) {
  md.core.ruler.push('site-links', ({ tokens, env }) => {
    const page = relative(ROOT, env.realPath ?? env.path)
      .split(sep)
      .join('/');
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      if (token.type === 'link_open') token.attrSet('href', siteLink(token.attrGet('href'), page));
    }
  });
}

/** The index of the search needs no colours, which take most of the time. */
function renderForSearch(source, env, md) {
  const { highlight } = md.options;
  md.options.highlight = null;
  try {
    return md.render(source, env);
  } finally {
    md.options.highlight = highlight;
  }
}

/** Vue comes with VitePress; pages that lie outside of this project would not find it. */
const vueOfVitepress = {
  name: 'vue-of-vitepress',
  enforce: 'pre',
  resolveId(id, _importer, options) {
    if (id !== 'vue' && id !== 'vue/server-renderer') return null;
    return this.resolve(id, fileURLToPath(import.meta.resolve('vitepress')), { ...options, skipSelf: true });
  },
};

export default defineConfig({
  title: 'Kohort',
  description: 'Apache Kafka consumer groups for Node.js',
  srcDir: '..',
  srcExclude: ['.changeset/**', 'api/**', '{apps,packages}/*/*/**', '**/CHANGELOG.md'],
  outDir: fileURLToPath(new URL('../dist', import.meta.url)),
  cacheDir: fileURLToPath(new URL('../.cache', import.meta.url)),
  rewrites: placeOf,
  vite: { plugins: [vueOfVitepress], build: { target: 'es2022', chunkSizeWarningLimit: 4_000 } },
  markdown: { config: rewriteLinks, anchor: { slugify: anchorOf } },
  themeConfig: {
    sidebar: sidebar(apiPages()),
    outline: [2, 3],
    search: { provider: 'local', options: { _render: renderForSearch } },
    socialLinks: [{ icon: 'github', link: 'https://github.com/kohort/kohort' }],
  },
});
