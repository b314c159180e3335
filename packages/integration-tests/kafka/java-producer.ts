// Produces with kafka-clients: the codecs and the transaction endings that kafkajs does not have.

import { JavaLines } from './java-lines.ts';
import { resolveKafka } from './resolve.ts';
import { CURRENT_KAFKA } from './versions.ts';

export interface JavaProduceOptions {
  readonly bootstrap: readonly string[];
  readonly topic: string;
  readonly count: number;
  readonly codec?: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';
  /** Number of the first record (default 0): record n has key `key-n` and a value that starts with `value-n`. */
  readonly first?: number;
  /** Values are filled up with dots to this many bytes. */
  readonly valueSize?: number;
  /** Headers per record: `header-0`, `header-1` … with the record's number as value. */
  readonly headers?: number;
  /** Leaves the keys or the values null. */
  readonly without?: 'key' | 'value';
  /** Timestamp of record 0 in epoch milliseconds; record n is n milliseconds later. Default: now. */
  readonly timestamp?: number;
  /** Default: by the hash of the key. */
  readonly partition?: number;
  /** One transaction around all records; `open` leaves it hanging, as a crashed producer does. */
  readonly transaction?: { readonly id: string; readonly outcome: 'commit' | 'abort' | 'open' };
  /** More producer properties. */
  readonly properties?: Readonly<Record<string, string>>;
}

/** Where the records went; offsets inclusive. */
export interface ProducedPartition {
  readonly partition: number;
  readonly count: number;
  readonly minOffset: number;
  readonly maxOffset: number;
}

const PRODUCE_TIMEOUT_MS = 60_000;

/** @throws Error with the producer's log when not everything was acknowledged within a minute. */
export async function javaProduce(options: JavaProduceOptions): Promise<readonly ProducedPartition[]> {
  const produced: ProducedPartition[] = [];
  const lines = await JavaLines.start({
    program: 'clients',
    mainClass: 'KohortProducer',
    jars: await resolveKafka(CURRENT_KAFKA),
    args: producerArguments(options),
    onLine: (line) => produced.push(producedPartition(line)),
  });
  const timer = setTimeout(() => lines.process.signal('SIGKILL'), PRODUCE_TIMEOUT_MS);
  const exit = await lines.finished;
  clearTimeout(timer);
  if (exit !== 0)
    throw new Error(`the Java producer ended with ${exit}; its log ends:\n${await lines.log()}`);
  return produced;
}

function producerArguments(options: JavaProduceOptions): readonly string[] {
  const properties = new Map<string, string | number>([
    ['compression.type', options.codec ?? 'none'],
    ['records.count', options.count],
    ['records.first', options.first ?? 0],
    ['records.size', options.valueSize ?? 0],
    ['records.headers', options.headers ?? 0],
  ]);
  if (options.partition !== undefined) properties.set('records.partition', options.partition);
  if (options.without !== undefined) properties.set('records.without', options.without);
  if (options.timestamp !== undefined) properties.set('records.timestamp', options.timestamp);
  if (options.transaction !== undefined) {
    properties.set('transactional.id', options.transaction.id);
    properties.set('records.outcome', options.transaction.outcome);
  }
  for (const [key, value] of Object.entries(options.properties ?? {})) properties.set(key, value);
  return [
    options.bootstrap.join(','),
    options.topic,
    ...[...properties].map(([key, value]) => `${key}=${value}`),
  ];
}

function producedPartition(line: unknown): ProducedPartition {
  const fields = new Map<string, unknown>(
    typeof line === 'object' && line !== null ? Object.entries(line) : [],
  );
  const number = (name: string): number => {
    const value = fields.get(name);
    if (typeof value !== 'number')
      throw new Error(`not an answer of the Java producer: ${JSON.stringify(line)}`);
    return value;
  };
  return {
    partition: number('partition'),
    count: number('count'),
    minOffset: number('minOffset'),
    maxOffset: number('maxOffset'),
  };
}
