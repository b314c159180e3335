/** Writes the API reference as Markdown, one page for each public entry of each package. */
import { join } from 'node:path';
import { Application } from 'typedoc';
import { API_FOLDER, ROOT } from '../scripts/docs/pages.mjs';
import { publicEntries } from '../scripts/docs/public-entries.mjs';

const app = await Application.bootstrapWithPlugins({
  plugin: ['typedoc-plugin-markdown'],
  tsconfig: join(ROOT, 'site/tsconfig.json'),
  entryPoints: publicEntries().map((path) => join(ROOT, path)),
  out: join(ROOT, API_FOLDER),
  name: 'API of all packages',
  logLevel: 'Warn',
  // The types are checked by a gate of their own.
  skipErrorChecking: true,
  excludeInternal: true,
  disableSources: true,
  readme: 'none',
  router: 'module',
  entryFileName: 'index',
  hidePageHeader: true,
  hideBreadcrumbs: true,
  useCodeBlocks: true,
  useHTMLAnchors: true,
  anchorPrefix: 'api-',
  validation: { notExported: false, invalidLink: true, invalidPath: true },
});
const project = await app.convert();
if (project === undefined) throw new Error('typedoc has found nothing');
for (const entry of project.children ?? []) entry.name = `@kohort/${entry.name.replace('/src', '')}`;
await app.generateOutputs(project);
process.exitCode = app.logger.hasErrors() || app.logger.hasWarnings() ? 1 : 0;
