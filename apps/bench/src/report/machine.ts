/** On what was measured: machine and versions, and nothing that tells whose machine it is. */
import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly platform: string;
  readonly node: string;
  /** Load average of the last minute before the run: above 0 and a bit, others were using the machine. */
  readonly loadBefore: number;
}

export function machine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 1e9),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    loadBefore: Number((loadavg()[0] ?? 0).toFixed(1)),
  };
}

/** Versions of the clients, as installed. */
export interface Versions {
  readonly kohort: string;
  readonly kafkajs: string;
  readonly platformatic: string;
}

export async function versions(): Promise<Versions> {
  const [kohort, kafkajs, platformatic] = await Promise.all(
    ['@kohort/core', 'kafkajs', '@platformatic/kafka'].map(versionOf),
  );
  return { kohort: kohort ?? '', kafkajs: kafkajs ?? '', platformatic: platformatic ?? '' };
}

/** Not every package lets its `package.json` be imported: it is looked for above the entry. */
async function versionOf(name: string): Promise<string> {
  let folder = new URL('.', import.meta.resolve(name));
  for (;;) {
    const manifest = await readFile(new URL('package.json', folder), 'utf8').catch(() => '{}');
    const { name: found, version } = JSON.parse(manifest) as { name?: string; version?: string };
    if (found === name && version !== undefined) return version;
    const parent = new URL('..', folder);
    if (parent.href === folder.href) throw new Error(`no package.json of ${name}`);
    folder = parent;
  }
}
