/** The source files behind the public entries of all published packages. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { ROOT } from './pages.mjs';

/** @returns {string[]} paths in the repository */
export function publicEntries() {
  return readdirSync(join(ROOT, 'packages')).flatMap((name) => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'packages', name, 'package.json'), 'utf8'));
    if (manifest.private === true) return [];
    return Object.values(manifest.exports)
      .map((entry) => Reflect.get(Object(entry), '@kohort/source'))
      .filter((path) => path !== undefined)
      .map((path) => posix.join('packages', name, path));
  });
}
