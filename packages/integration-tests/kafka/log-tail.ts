// Reads the end of a log file, for error messages.

import { readFile } from 'node:fs/promises';

/** The last `lines` lines of a file, or a sentence saying that it could not be read. */
export async function logTail(file: string, lines = 40): Promise<string> {
  try {
    const text = await readFile(file, 'utf8');
    return text.trimEnd().split('\n').slice(-lines).join('\n');
  } catch (error) {
    return `(no log: ${error instanceof Error ? error.message : String(error)})`;
  }
}
