// Temporary directories of tests, removed at the latest when this process ends.

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { guardDirectory, WORK_DIRECTORY_PREFIX } from './watchdog.ts';

let helpers: Promise<string> | undefined;

/** A new directory; whoever asks for it removes it, the watchdog does otherwise. */
export async function newWorkDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), WORK_DIRECTORY_PREFIX));
  guardDirectory(directory);
  return directory;
}

/** The one directory where this process keeps the logs of its Java helpers. */
export function helperDirectory(): Promise<string> {
  helpers ??= newWorkDirectory();
  return helpers;
}
