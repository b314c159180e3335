// Where everything that is fetched or compiled once lives: outside the tree, so that a fresh clone
// and `git clean` do not cost another download.

import { homedir } from 'node:os';
import { join } from 'node:path';

/** Root of the Kafka cache: `KOHORT_KAFKA_CACHE`, else `kohort/kafka` in the XDG cache directory. */
export function kafkaCacheDir(env: NodeJS.ProcessEnv = process.env): string {
  const explicit = env.KOHORT_KAFKA_CACHE;
  if (explicit !== undefined && explicit !== '') return explicit;
  const xdg = env.XDG_CACHE_HOME;
  const base = xdg !== undefined && xdg !== '' ? xdg : join(homedir(), '.cache');
  return join(base, 'kohort', 'kafka');
}
