/** The files of the page, read once. */
import { readFile } from 'node:fs/promises';

export interface Asset {
  readonly type: string;
  readonly body: Buffer;
}

/** Beside this module, in the sources and in the build. */
const FOLDER = new URL('./page/', import.meta.url);

const HTML = 'text/html; charset=utf-8';
const CSS = 'text/css; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';

const FILES: readonly (readonly [path: string, file: string, type: string])[] = [
  ['/', 'index.html', HTML],
  ['/icon.svg', 'icon.svg', 'image/svg+xml'],
  ['/page.css', 'page.css', CSS],
  ['/page.js', 'page.js', SCRIPT],
  ['/controls.js', 'controls.js', SCRIPT],
  ['/members.js', 'members.js', SCRIPT],
  ['/timeline.js', 'timeline.js', SCRIPT],
  ['/panels.js', 'panels.js', SCRIPT],
];

/** @returns by path */
export async function readAssets(): Promise<ReadonlyMap<string, Asset>> {
  const read = FILES.map(async ([path, file, type]) => {
    const body = await readFile(new URL(file, FOLDER));
    return [path, { type, body }] as const;
  });
  return new Map(await Promise.all(read));
}
