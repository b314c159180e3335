/**
 * Builds the site of the documentation into `site/dist`: `pnpm run docs` (`pnpm docs` alone is a command of pnpm's own). Its
 * tools are a project of their own in `site`, so that nobody else has to install them. A dead link ends the build.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { deadLinks, htmlPages } from './docs/dead-links.mjs';
import { API_FOLDER, ROOT } from './docs/pages.mjs';
import { runBounded } from './release/run-bounded.mjs';

const cwd = join(ROOT, 'site');
const dist = join(cwd, 'dist');

/** @param {string} name @param {string} command @param {string[]} args */
async function step(name, command, args) {
  const started = performance.now();
  await runBounded(command, args, { cwd, timeout: 300_000 });
  console.log(`${((performance.now() - started) / 1000).toFixed(1).padStart(5)} s  ${name}`);
}

for (const folder of [join(ROOT, API_FOLDER), dist]) rmSync(folder, { recursive: true, force: true });
await step('tools', 'pnpm', ['install', '--frozen-lockfile', '--prefer-offline']);
await step('API reference', 'node', ['build-api.mjs']);
await step('pages', 'pnpm', ['exec', 'vitepress', 'build', '.']);

const pages = htmlPages(dist);
const dead = deadLinks(pages);
for (const line of dead) console.log(`dead link in ${line}`);
console.log(`${pages.size} pages in site/dist, ${dead.length} dead links`);
process.exitCode = dead.length === 0 ? 0 : 1;
