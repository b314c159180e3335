// Fills a cache directory exactly once, however many processes ask for it at the same time.
// Correctness comes from renaming a finished directory into place; the lock file only saves work.

import { mkdir, mkdtemp, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface FillOptions {
  /** How long to wait for another process that is filling the same directory. */
  readonly timeoutMs: number;
}

const underWay = new Map<string, Promise<string>>();

/** Returns `target`, filled by `fill(temporaryDirectory)` if it does not exist yet. */
export function onceDirectory(
  target: string,
  fill: (directory: string) => Promise<void>,
  options: FillOptions,
): Promise<string> {
  const running = underWay.get(target);
  if (running !== undefined) return running;
  const started = fillOnce(target, fill, options).finally(() => underWay.delete(target));
  underWay.set(target, started);
  return started;
}

async function fillOnce(
  target: string,
  fill: (directory: string) => Promise<void>,
  { timeoutMs }: FillOptions,
): Promise<string> {
  if (await exists(target)) return target;
  await mkdir(dirname(target), { recursive: true });
  const lock = `${target}.lock`;
  const deadline = performance.now() + timeoutMs;
  while (!(await tryLock(lock))) {
    if (await exists(target)) return target;
    if (performance.now() > deadline) {
      throw new Error(
        `waited ${timeoutMs} ms for another process to fill ${target}; remove ${lock} if none is running`,
      );
    }
    await delay(100);
  }
  try {
    if (!(await exists(target))) await fillAndRename(target, fill);
    return target;
  } finally {
    await rm(lock, { force: true });
  }
}

async function fillAndRename(target: string, fill: (directory: string) => Promise<void>): Promise<void> {
  const temporary = await mkdtemp(join(dirname(target), `.${basename(target)}-`));
  try {
    await fill(temporary);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (!(await exists(target))) throw error;
  }
}

async function tryLock(lock: string): Promise<boolean> {
  try {
    const file = await open(lock, 'wx');
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if (!isFileError(error, 'EEXIST')) throw error;
  }
  if (await holderIsGone(lock)) await rm(lock, { force: true });
  return false;
}

async function holderIsGone(lock: string): Promise<boolean> {
  const text = await readFile(lock, 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  // An empty file is one whose holder has not written its process id yet: give it the benefit of the doubt.
  if (!Number.isInteger(pid)) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return isFileError(error, 'ESRCH');
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isFileError(error, 'ENOENT')) return false;
    throw error;
  }
}

function isFileError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
