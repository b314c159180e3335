/** What all request handlers share: the state of the virtual cluster. */
import type { Clock } from '@kohort/core/spi';
import type { Coordinators } from './coordinators.ts';
import type { Nodes } from './nodes.ts';
import type { Topics } from './topics.ts';

export interface Cluster {
  readonly clusterId: string;
  readonly clock: Clock;
  readonly nodes: Nodes;
  readonly topics: Topics;
  readonly coordinators: Coordinators;
  /** `auto.create.topics.enable`. */
  readonly autoCreateTopics: boolean;
  /** `num.partitions`: for topics that are created without a number. */
  readonly defaultPartitions: number;
  /** `message.max.bytes`. */
  readonly maxMessageBytes: number;
  /** User name to password; null where no authentication is asked for. */
  readonly saslUsers: ReadonlyMap<string, string> | null;
  /** `connections.max.reauth.ms`: how long an authentication holds, 0 for as long as the connection. */
  readonly saslSessionLifetime: number;
  /** A producer id that nobody has. */
  nextProducerId(): bigint;
  /** Producer id and epoch of a transactional id: the same id with the next epoch each time (KIP-98). */
  initTransactionalId(transactionalId: string): { producerId: bigint; producerEpoch: number };
}
