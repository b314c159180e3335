// Transports for tests that call them directly, and their failures.
import {
  type GroupTransport,
  systemClock,
  type TransportContext,
  type TransportError,
  type TransportFactory,
} from '@kohort/core/spi';
import { kafkajsTransport } from '@kohort/transport-kafkajs';
import type { Kafka, KafkaConfig } from 'kafkajs';
import { expect } from 'vitest';

/** Bound of a call that a working broker answers at once. */
export const CALL = { timeoutMs: 10_000 };

const open: GroupTransport[] = [];

/** The transport of one group; `closeTransports` closes it. */
export function transportFrom(factory: TransportFactory, groupId = 'g'): GroupTransport {
  const signal = new AbortController().signal;
  const context: TransportContext = { clientId: 'kohort', groupId, clock: systemClock, signal };
  const transport = factory.create(context);
  open.push(transport);
  return transport;
}

export function transportBy(kafka: Kafka | KafkaConfig, groupId = 'g'): GroupTransport {
  return transportFrom(kafkajsTransport(kafka), groupId);
}

/** Closes everything that was made here. */
export async function closeTransports(): Promise<void> {
  await Promise.all(open.splice(0).map((transport) => transport.close()));
}

/** What the call rejects with, which must be a TransportError. */
export async function failureOf(call: Promise<unknown>): Promise<TransportError> {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(outcome).toMatchObject({ code: 'KOHORT_TRANSPORT' });
  return outcome as TransportError;
}
