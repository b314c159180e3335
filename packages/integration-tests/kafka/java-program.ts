// Compiles the Java helpers against the jars they run with, once per content: the classes are kept in the
// cache under a hash of the sources and of the version of the jars.

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kafkaCacheDir } from './cache-dir.ts';
import { onceDirectory } from './once-directory.ts';
import type { ResolvedJars } from './resolve.ts';
import { runTool } from './run-tool.ts';

/** `clients` needs only kafka-clients (2.4 or newer); `oracle` needs the broker's jars, for Jackson and newer assignors. */
export type JavaProgram = 'clients' | 'oracle';

const COMPILE_TIMEOUT_MS = 120_000;

/** Class path with the compiled program in front of the jars. */
export async function compileJava(program: JavaProgram, jars: ResolvedJars): Promise<string> {
  const directory = fileURLToPath(new URL(`../java/${program}/`, import.meta.url));
  const files = (await readdir(directory)).filter((file) => file.endsWith('.java')).sort();
  const hash = createHash('sha256').update(jars.directory);
  for (const file of files) hash.update(`\0${file}\0`).update(await readFile(join(directory, file)));
  const target = join(kafkaCacheDir(), `classes-${program}-${hash.digest('hex').slice(0, 20)}`);
  const sources = files.map((file) => join(directory, file));
  const classes = await onceDirectory(
    target,
    async (into) => {
      const args = ['-nowarn', '-encoding', 'UTF-8', '-cp', jars.classPath, '-d', into, ...sources];
      await runTool('javac', args, { timeoutMs: COMPILE_TIMEOUT_MS });
    },
    { timeoutMs: COMPILE_TIMEOUT_MS + 30_000 },
  );
  return [classes, jars.classPath].join(delimiter);
}
