/** Records that cannot be handled go into a topic of their own, with where they came from and why. */
import type { ConsumerRecord } from '@kohort/core';
import { Kafka, type KafkaConfig, Partitioners, type Producer } from 'kafkajs';

export class DeadLetters {
  readonly #topic: string;
  readonly #producer: Producer;

  constructor(config: KafkaConfig, topic: string) {
    this.#topic = topic;
    this.#producer = new Kafka(config).producer({ createPartitioner: Partitioners.DefaultPartitioner });
  }

  /** Resolves when the brokers have it. Rejects when they do not take it. */
  async send(
    { topic, partition, offset, key, value, headers }: ConsumerRecord,
    error: unknown,
  ): Promise<void> {
    await this.#producer.connect(); // at once where it is connected already
    const message = {
      key,
      value,
      headers: {
        ...Object.fromEntries([...headers].map(([name, bytes]) => [name, bytes ?? ''])),
        'dead-letter-from': `${topic}-${partition}@${offset}`,
        'dead-letter-reason': error instanceof Error ? error.message : String(error),
      },
    };
    await this.#producer.send({ topic: this.#topic, acks: -1, messages: [message] });
  }

  close(): Promise<void> {
    return this.#producer.disconnect();
  }
}
