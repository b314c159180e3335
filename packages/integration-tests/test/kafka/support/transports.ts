// Transports for tests that call them directly, and their failures.
import {
  type GroupTransport,
  systemClock,
  type TransportContext,
  type TransportError,
  type TransportFactory,
} from '@kohort/core/spi';
import { kafkajsTransport } from '@kohort/transport-kafkajs';
import { tcpTransport } from '@kohort/transport-tcp';
import type { Kafka, KafkaConfig } from 'kafkajs';
import { expect } from 'vitest';
import { kafkajsConfig, tcpOptions } from '../../../kafka/client-properties.ts';
import type { KafkaCluster } from '../../../kafka/cluster.ts';

/** Bound of a call that a working broker answers at once. */
export const CALL = { timeoutMs: 10_000 };

const open: GroupTransport[] = [];

/** The transports of the house, each as a user makes it for a cluster. */
export const TRANSPORTS = {
  kafkajs: (cluster: KafkaCluster) => kafkajsTransport(kafkajsConfig(cluster)),
  tcp: (cluster: KafkaCluster) => tcpTransport(tcpOptions(cluster)),
} as const;

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
