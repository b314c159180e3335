// Captures golden record batches: known records, written by real producers, read back as the raw bytes of the
// broker's log segment.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CompressionTypes, Kafka } from 'kafkajs';
import { kafkajsConfig } from '../client-properties.ts';
import { type KafkaCluster, startKafka } from '../cluster.ts';
import { type JavaProduceOptions, javaProduce } from '../java-producer.ts';
import { createTopic } from '../topics.ts';
import { CURRENT_KAFKA } from '../versions.ts';

const TIMESTAMP = 1_700_000_000_000;

type Recipe = Omit<JavaProduceOptions, 'bootstrap' | 'topic' | 'transaction' | 'properties'> & {
  readonly count: number;
};

interface Case {
  readonly name: string;
  readonly recipe: Recipe;
  readonly outcome?: 'commit' | 'abort';
  readonly by: 'kafka-clients' | 'kafkajs';
}

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;

const CASES: readonly Case[] = [
  ...CODECS.map(
    (codec): Case => ({
      name: `${codec} small`,
      by: 'kafka-clients',
      recipe: { codec, count: 5, headers: 2 },
    }),
  ),
  // Large enough for several blocks: 32 KiB in the snappy framing of Java, 64 KiB in lz4.
  ...CODECS.filter((codec) => codec !== 'none').map(
    (codec): Case => ({
      name: `${codec} blocks`,
      by: 'kafka-clients',
      recipe: { codec, count: 20, valueSize: 10_000 },
    }),
  ),
  { name: 'null keys', by: 'kafka-clients', recipe: { count: 3, without: 'key' } },
  { name: 'null values', by: 'kafka-clients', recipe: { count: 3, without: 'value' } },
  { name: 'committed transaction', by: 'kafka-clients', outcome: 'commit', recipe: { count: 3 } },
  { name: 'aborted transaction', by: 'kafka-clients', outcome: 'abort', recipe: { codec: 'zstd', count: 3 } },
  { name: 'kafkajs none', by: 'kafkajs', recipe: { codec: 'none', count: 5, headers: 1 } },
  { name: 'kafkajs gzip', by: 'kafkajs', recipe: { codec: 'gzip', count: 5, headers: 1 } },
];

async function capture(cluster: KafkaCluster, { name, by, outcome, recipe }: Case) {
  const topic = name.replaceAll(' ', '-');
  await createTopic(cluster, topic, 1);
  if (by === 'kafkajs') await produceWithKafkajs(cluster, topic, recipe);
  else {
    await javaProduce({
      bootstrap: cluster.bootstrap,
      topic,
      ...recipe,
      timestamp: TIMESTAMP,
      properties: { 'batch.size': '1000000' },
      ...(outcome === undefined ? {} : { transaction: { id: topic, outcome } }),
    });
  }
  const segment = join(cluster.directory ?? '', 'data-1', `${topic}-0`, '00000000000000000000.log');
  const bytes = await readSegment(segment, outcome === undefined ? 1 : 2);
  const writer = by === 'kafkajs' ? 'kafkajs 2.2.4' : `kafka-clients ${CURRENT_KAFKA}`;
  return {
    name,
    source: `log segment of Apache Kafka ${CURRENT_KAFKA}, written by ${writer}`,
    records: {
      count: recipe.count,
      codec: recipe.codec ?? 'none',
      timestamp: TIMESTAMP,
      valueSize: recipe.valueSize ?? 0,
      headers: recipe.headers ?? 0,
      ...(recipe.without === undefined ? {} : { without: recipe.without }),
    },
    ...(outcome === undefined ? {} : { transaction: outcome }),
    hex: bytes.toString('hex'),
  };
}

/** Waits for `batches` whole batches: a transaction's marker is written after its producer has been answered. */
async function readSegment(file: string, batches: number): Promise<Buffer> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const bytes = await readFile(file);
    if (countBatches(bytes) >= batches) return bytes;
    if (performance.now() > deadline) throw new Error(`${file} has fewer than ${batches} batches`);
    await delay(50);
  }
}

// A batch starts with its base offset (8 bytes) and the length of what follows (4 bytes).
function countBatches(bytes: Buffer): number {
  let count = 0;
  for (let at = 0; at + 12 <= bytes.length; count += 1) {
    at += 12 + bytes.readInt32BE(at + 8);
    if (at > bytes.length) return count;
  }
  return count;
}

async function produceWithKafkajs(cluster: KafkaCluster, topic: string, recipe: Recipe): Promise<void> {
  const producer = new Kafka(kafkajsConfig(cluster)).producer();
  await producer.connect();
  try {
    await producer.send({
      topic,
      compression: recipe.codec === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None,
      messages: Array.from({ length: recipe.count }, (_, n) => ({
        key: `key-${n}`,
        value: `value-${n}`,
        timestamp: String(TIMESTAMP + n),
        headers: Object.fromEntries(
          Array.from({ length: recipe.headers ?? 0 }, (_, i) => [`header-${i}`, String(n)]),
        ),
      })),
    });
  } finally {
    await producer.disconnect();
  }
}

/** Writes the batches of all cases to `output`. */
export async function captureBatches(output: string): Promise<void> {
  // The fixed timestamps are old: by default the broker would begin a new segment for what comes after them.
  const cluster = await startKafka({ config: { 'log.roll.hours': '876000' } });
  try {
    const batches: string[] = [];
    for (const one of CASES) batches.push(JSON.stringify(await capture(cluster, one)));
    await writeFile(output, `[\n${batches.join(',\n')}\n]\n`);
    console.log(`${batches.length} cases in ${output}`);
  } finally {
    await cluster.stop();
  }
}
