// A batch that inflates beyond the bound is not read, by default and as the user says.
import { apis, encodeBatch } from '@kohort/protocol';
import { ScriptedServer } from '@kohort/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { TcpTransportOptions } from '../src/index.ts';
import { FIVE_SECONDS, transportTo } from './support/setup.ts';

const VALUE_BYTES = 100_000;
/** Length, attributes, deltas and the sizes of key, value and headers, around the value. */
const RECORD_BYTES = VALUE_BYTES + 12;

let server: ScriptedServer;
beforeEach(async () => {
  server = await ScriptedServer.start();
  const records = encodeBatch([{ timestamp: 0, value: Buffer.alloc(VALUE_BYTES) }], { compression: 'gzip' });
  expect(records.length).toBeLessThan(1_000);
  const partition = {
    partitionIndex: 0,
    errorCode: 0,
    highWatermark: 1n,
    abortedTransactions: null,
    records,
  };
  server.on(apis.fetch, () => ({
    throttleTimeMs: 0,
    responses: [{ topic: 'orders', partitions: [partition] }],
  }));
});
afterEach(() => server.stop());

/** Size of the first value. */
async function read(options: Pick<TcpTransportOptions, 'maxDecompressedBytes'>): Promise<number | undefined> {
  const transport = transportTo([server.address], options);
  try {
    const partition = {
      topic: { name: 'orders' },
      partition: 0,
      fetchOffset: 0n,
      currentLeaderEpoch: -1,
      lastFetchedEpoch: -1,
      maxBytes: 1_000,
    };
    const request = { partitions: [partition], rack: '', maxWaitMs: 0, minBytes: 1, maxBytes: 1_000 };
    const result = await transport.fetch(
      { nodeId: 1, host: '127.0.0.1', port: server.port },
      { ...request, isolationLevel: 'read_uncommitted' },
      FIVE_SECONDS,
    );
    const records = await result.partitions[0]?.batches[0]?.records();
    return records?.value(0)?.length;
  } finally {
    await transport.close();
  }
}

it('reads what is within the bound', async () => {
  expect(await read({})).toBe(VALUE_BYTES);
  expect(await read({ maxDecompressedBytes: RECORD_BYTES })).toBe(VALUE_BYTES);
});

it('refuses what is beyond it, and says where', async () => {
  await expect(read({ maxDecompressedBytes: VALUE_BYTES })).rejects.toMatchObject({
    kind: 'decode',
    message:
      'record batch at offset 0 of orders-0: cannot be decompressed with gzip: more than 100000 bytes after decompression',
  });
});
