// What may be passed, and how it is refused; and a kafkajs that is not the one we know.

import { ScriptedServer } from '@kohort/testkit';
import { Kafka, type KafkaConfig } from 'kafkajs';
import { describe, expect, it, vi } from 'vitest';
import { kafkajsTransport } from '../src/index.ts';
import { contextWith, FIVE_SECONDS, failureOf } from './support/setup.ts';

/** What no type check would let through, as JavaScript users may pass it. */
function passing(value: unknown) {
  return () => kafkajsTransport(value as KafkaConfig);
}

function wrong(message: RegExp) {
  return expect.objectContaining({ code: 'KOHORT_CONFIG', message: expect.stringMatching(message) });
}

describe('config', () => {
  it.each<[unknown, RegExp]>([
    [undefined, /got undefined/],
    [null, /got null/],
    ['localhost:9092', /got string/],
    [{}, /`brokers` must be a list/],
    [{ brokers: [] }, /at least one entry/],
    [{ brokers: 'localhost:9092' }, /`brokers` must be a list/],
    [{ brokers: ['localhost'] }, /"localhost", expected 'host:port'/],
    [{ brokers: ['localhost:0'] }, /"localhost:0"/],
    [{ brokers: ['localhost:65536'] }, /"localhost:65536"/],
    [{ brokers: ['kafka://localhost:9092'] }, /expected 'host:port'/],
    [{ brokers: ['[::1]:9092'] }, /expected 'host:port'/],
    [{ brokers: [null] }, /null, expected/],
  ])('%j is refused', (value, message) => {
    expect(passing(value)).toThrow(wrong(message));
  });

  it('opens nothing, and makes one transport for each group', async () => {
    const server = await ScriptedServer.start();
    const factory = kafkajsTransport({ brokers: [server.address] });
    expect(factory).toMatchObject({ name: 'kafkajs', contractVersion: 1 });
    expect(factory.create(contextWith())).not.toBe(factory.create(contextWith()));
    await new Promise((resolve) => setImmediate(resolve));
    expect(server.connections).toBe(0);
    await server.stop();
  });
});

describe('options', () => {
  it.each<[object, RegExp]>([
    [
      { maxDecompressedBytes: 0 },
      /`maxDecompressedBytes`: expected a whole number from 1 to 2147483647, got 0/,
    ],
    [{ maxDecompresedBytes: 1 }, /unknown option `maxDecompresedBytes`; there are codecs, checkCrcs, max/],
    [{ ssl: true }, /unknown option `ssl`.*goes into the first argument/],
  ])('%j is refused', (options, message) => {
    expect(() => kafkajsTransport({ brokers: ['localhost:9092'] }, options)).toThrow(wrong(message));
  });
});

describe('an unknown kafkajs', () => {
  it('is refused at once when its cluster has another shape', () => {
    const cluster = { connectionPoolBuilder: {}, brokerPool: {} };
    const kafka = {
      consumer({ partitionAssigners }: { partitionAssigners: ((hook: object) => unknown)[] }) {
        for (const assigner of partitionAssigners) assigner({ cluster });
      },
    };
    expect(passing(kafka)).toThrow(
      wrong(/no cluster\.connectionPoolBuilder\.build.*tested with kafkajs 2\.2\.4.*found is 2\.2\.4/),
    );
    expect(passing({ consumer: () => undefined })).toThrow(wrong(/no cluster\./));
  });

  it('is refused when its connections have another shape', async () => {
    const kafka = new Kafka({ brokers: ['localhost:1'] });
    const consumer = kafka.consumer.bind(kafka);
    vi.spyOn(kafka, 'consumer').mockImplementation((config) =>
      consumer({
        ...config,
        partitionAssigners: (config.partitionAssigners ?? []).map((assigner) => (hook) => {
          const build = async () => ({ host: 'localhost', port: 1, pool: [{}] });
          return assigner({
            ...hook,
            cluster: Object.assign(hook.cluster, { connectionPoolBuilder: { build } }),
          });
        }),
      }),
    );
    const transport = kafkajsTransport(kafka).create(contextWith());
    const failure = await failureOf(transport.connect(FIVE_SECONDS));
    expect(failure).toMatchObject({ kind: 'unsupportedVersion', sent: 'no' });
    expect(failure.message).toMatch(/no connection\.send.*2\.2\.4/);
    await transport.close();
  });
});
