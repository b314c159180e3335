/** Runs one example against an embedded broker, and tells what it printed. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { embeddedBroker } from '@kohort/broker-embedded';
import { vi } from 'vitest';
import { type Example, promisedLines } from './examples.ts';
import { ROOT } from './repository.ts';

/** Not in version control, and not looked at by other tools. */
const FOLDER = join(ROOT, 'packages/integration-tests/.cache/examples');

/** What examples take for granted: these topics exist, and each has one record. */
const TOPICS = { orders: { partitions: 6 }, shards: { partitions: 4 } };
const RECORD = { key: 'k', value: JSON.stringify({ id: 17 }) };

/** The address that examples name; it stands for the cluster of whoever reads. */
const ADDRESS = 'localhost:9092';

/**
 * Imports the example, and sends it the signals that it listens to once it has printed all that it promises.
 *
 * @returns the lines that it printed
 */
export async function runExample({ code }: Example, name: string): Promise<readonly string[]> {
  const broker = code.includes(ADDRESS) ? embeddedBroker({ topics: TOPICS }) : null;
  const path = join(FOLDER, `${name}.ts`);
  const before = process.listeners('SIGTERM');
  const printed: string[] = [];
  const open = [...promisedLines(code)];
  vi.stubEnv('KAFKAJS_NO_PARTITIONER_WARNING', '1');
  const spy = vi.spyOn(console, 'log').mockImplementation((...values: unknown[]) => {
    const line = values.map(String).join(' ');
    printed.push(line);
    if (line !== open[0]) return;
    open.shift();
    // Once: a second signal would not wait for the example to close.
    if (open.length === 0) end(before);
  });
  try {
    for (const topic of Object.keys(TOPICS)) await broker?.produce(topic, [RECORD]);
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(path, code.replaceAll(ADDRESS, (await broker?.listen()) ?? ADDRESS));
    await import(/* @vite-ignore */ path);
    return printed;
  } finally {
    spy.mockRestore();
    vi.unstubAllEnvs();
    rmSync(path, { force: true });
    await broker?.close();
  }
}

/** Calls the listeners that the example has added, as the signal would. */
function end(before: readonly NodeJS.SignalsListener[]): void {
  for (const listener of process.listeners('SIGTERM')) if (!before.includes(listener)) listener('SIGTERM');
}
