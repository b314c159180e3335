/** Writes all files or none: into a folder beside, which gets its name when everything is in it. */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { NewFile } from './template.ts';
import { UserError } from './user-error.ts';

/**
 * @param target a folder that does not exist; its parent does
 * @throws UserError when it exists, or cannot be written; nothing is left behind then
 */
export function writePackage(target: string, files: readonly NewFile[]): void {
  if (existsSync(target)) throw existing(target);
  const temporary = `${target}.tmp-${randomUUID()}`;
  try {
    mkdirSync(temporary);
    for (const { path, text } of files) {
      const file = join(temporary, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    throw explained(error, target);
  }
}

function existing(target: string): UserError {
  return new UserError(`${target} exists already. Choose another --name, or take it away first.`);
}

function explained(error: unknown, target: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  switch (error.code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new UserError(
        `${dirname(target)} cannot be written to (${error.code}). Run it in a folder of your own.`,
      );
    case 'ENOSPC':
      return new UserError(`There is no room left for ${target} (ENOSPC). Nothing was written.`);
    case 'EEXIST':
    case 'ENOTEMPTY':
    case 'ENOTDIR':
      return existing(target);
    default:
      return error;
  }
}
