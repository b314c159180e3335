/**
 * Runs Kohort's consumer groups over connections of kafkajs.
 *
 * @example
 * ```ts
 * import { kafkajsTransport } from '@kohort/transport-kafkajs';
 *
 * const transport = kafkajsTransport({ brokers: ['localhost:9092'] });
 * ```
 *
 * @packageDocumentation
 */
export { type KafkajsTransportOptions, kafkajsTransport } from './kafkajs-transport.ts';
