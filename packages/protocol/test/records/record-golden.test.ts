/** Batches written by Apache Kafka's client library 3.9.2 (`golden/GoldenBatches.java`), read here. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeBatches, readBatchHeader, splitProducePayload } from '../../src/records/index.ts';

const goldens = new Map(
  Object.entries(
    JSON.parse(readFileSync(new URL('./golden/batches.json', import.meta.url), 'utf8')) as Record<
      string,
      string
    >,
  ).map(([name, base64]) => [name, Buffer.from(base64, 'base64')]),
);
const TIME = 1_700_000_000_000;

function golden(name: string): Buffer {
  const bytes = goldens.get(name);
  if (bytes === undefined) throw new Error(`no golden named ${name}`);
  return bytes;
}

/** The same formula as in the Java program. */
function filler(size: number): string {
  const bytes = Buffer.alloc(size);
  for (let i = 0; i < size; i++) {
    bytes[i] = 97 + ((Math.floor((i * i) / 7) + Math.floor(i / 100)) % 23);
  }
  return bytes.toString('latin1');
}

async function readAll(bytes: Uint8Array) {
  const records = [];
  for (const batch of decodeBatches(bytes)) {
    const set = await batch.records();
    for (let i = 0; i < set.count; i++) {
      records.push({
        offset: Number(batch.baseOffset) + set.offsetDelta(i),
        timestamp: set.timestamp(i),
        key: set.key(i)?.toString() ?? null,
        value: set.value(i)?.toString() ?? null,
        headers: set.headers(i).map(([name, value]) => [name, value?.toString() ?? null]),
      });
    }
  }
  return records;
}

function expected(magic: number, fillerSize: number, appended: boolean) {
  const time = (ms: number) => (magic === 0 ? -1 : appended ? TIME + 999 : ms);
  const headers =
    magic === 2
      ? [
          ['h', '1'],
          ['h', null],
          ['ü', ''],
        ]
      : [];
  return [
    { offset: 100, timestamp: time(TIME), key: 'key', value: 'value', headers: [] },
    { offset: 101, timestamp: time(TIME + 5), key: null, value: 'no key', headers },
    { offset: 102, timestamp: time(TIME + 1_000_000), key: 'tombstone', value: null, headers: [] },
    { offset: 103, timestamp: time(TIME - 1), key: '', value: '', headers: [] },
    { offset: 104, timestamp: time(TIME), key: 'filler', value: filler(fillerSize), headers: [] },
  ];
}

describe.each([...goldens.keys()].filter((name) => name.startsWith('magic')))('%s', (name) => {
  const magic = Number(name[6]);
  const appended = name.endsWith('logAppend');

  it('gives the records that Kafka wrote', async () => {
    const size = name.endsWith('none') ? 300 : 70_000;
    expect(await readAll(golden(name))).toEqual(expected(magic, size, appended));
  });

  it('says what the batch is', () => {
    const batches = decodeBatches(golden(name));
    expect(batches.at(-1)?.lastOffset).toBe(104n);
    expect(batches.every((batch) => batch.delivers)).toBe(true);
    expect(batches.every((batch) => batch.timestampType === (appended ? 'logAppend' : 'create'))).toBe(true);
    expect(batches.reduce((sum, batch) => sum + batch.sizeInBytes, 0)).toBe(golden(name).length);
  });

  it('is refused when a bit of what the checksum covers is flipped', async () => {
    const bytes = Buffer.from(golden(name));
    bytes[bytes.length - 3] = (bytes[bytes.length - 3] ?? 0) ^ 0x10;
    await expect(readAll(bytes)).rejects.toMatchObject({
      kind: 'decode',
      message: expect.stringContaining('checksum'),
    });
  });
});

describe('transactions', () => {
  it('reads the headers of a transactional batch and of its markers', () => {
    const producer = { producerId: 4242n, producerEpoch: 3, leaderEpoch: 5, transactional: true };
    expect(readBatchHeader(golden('transactional'))).toMatchObject({
      ...producer,
      baseOffset: 10n,
      baseSequence: 7,
      control: false,
    });
    expect(readBatchHeader(golden('abort marker'))).toMatchObject({
      ...producer,
      baseOffset: 11n,
      control: true,
    });
  });

  it('leaves out what is aborted, under read_committed only', () => {
    const log = Buffer.concat([golden('transactional'), golden('abort marker'), golden('commit marker')]);
    const abortedTransactions = [{ producerId: 4242n, firstOffset: 10n }];
    const delivers = (isolationLevel: 'read_committed' | 'read_uncommitted') =>
      decodeBatches(log, { isolationLevel, abortedTransactions }).map((batch) => batch.delivers);
    expect(delivers('read_committed')).toEqual([false, false, false]);
    expect(delivers('read_uncommitted')).toEqual([true, false, false]);
  });

  it('takes batches of a producer apart as a broker does', () => {
    const payload = Buffer.concat([golden('magic 2 lz4'), golden('magic 2 none')]);
    expect(
      splitProducePayload(payload).map(({ header }) => [header.compression, header.recordCount]),
    ).toEqual([
      ['lz4', 5],
      ['none', 5],
    ]);
  });
});
