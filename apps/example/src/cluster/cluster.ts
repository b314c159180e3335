/** What the demo asks of a cluster: the embedded broker and a real one differ in nothing else. */
import type { TransportFactory } from '@kohort/core';
import type { OrderRecord } from '../engine/order.ts';

/** Partitions of the demo's topic at first. */
export const PARTITIONS = 12;

/** What only a broker in this process can be made to do. */
export interface ClusterFaults {
  /** Nothing reaches this client, and nothing that it sends leaves it, until the returned function is called. */
  freeze(clientId: string): () => void;
  /** Hands the group to another node. @returns its number @throws Error while no node runs */
  moveCoordinator(): number;
  /** Stops all nodes and starts them again, within a session. Resolves when they run; rejects while they are at it. */
  restart(): Promise<void>;
  /** @param partitions of the topic afterwards */
  grow(partitions: number): Promise<void>;
}

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
  /** By partition: the group's committed offset as the brokers have it. Rejects when they cannot be asked. */
  committed(): Promise<ReadonlyMap<number, bigint>>;
  /** null on a real cluster. */
  readonly faults: ClusterFaults | null;
  /** Removes the topic and ends all connections. */
  close(): Promise<void>;
}
