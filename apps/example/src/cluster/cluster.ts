/** What the demo asks of a cluster: the embedded broker and a real one differ in nothing else. */
import type { TransportFactory } from '@kohort/core';
import type { OrderRecord } from '../engine/order.ts';

/** Partitions of the demo's topic. */
export const PARTITIONS = 12;

export interface Cluster {
  /** For the header: where this runs. */
  readonly label: string;
  readonly topic: string;
  readonly groupId: string;
  /** Milliseconds; as short as the brokers allow, so that a crash is noticed within the demo. */
  readonly sessionTimeout: number;
  /** @param clientId the member that will use it */
  transport(clientId: string): TransportFactory;
  /** What the end of a process does to its connections: they are gone, and no word comes through any more. */
  cut(clientId: string): void;
  /** Resolves when the brokers have acknowledged all of them. */
  produce(orders: readonly OrderRecord[]): Promise<void>;
  /** By partition: the group's committed offset as the brokers have it. */
  committed(): Promise<ReadonlyMap<number, bigint>>;
  /** Removes the topic and ends all connections. */
  close(): Promise<void>;
}
