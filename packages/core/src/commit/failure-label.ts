/** One word for a failure, for events: a Kafka error name, the kind of a transport error, or a code of Kohort's. */
import { describeKafkaCode } from '../errors/kafka-codes.ts';
import { KohortError } from '../errors/kohort-error.ts';
import { TransportError } from '../errors/transport-error.ts';

export function failureLabel(error: unknown): string {
  if (error instanceof TransportError) return error.kind;
  if (error instanceof KohortError) {
    return error.kafkaCode === undefined ? error.code : describeKafkaCode(error.kafkaCode).name;
  }
  return error instanceof Error ? error.message : String(error);
}
