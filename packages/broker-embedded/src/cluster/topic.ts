/** A topic and its partitions: where they are led, and under which epoch. */
import { PartitionLog } from '../log/partition-log.ts';

/** One partition. `leader` is -1 while none of its replicas runs. */
export class Partition {
  readonly index: number;
  readonly log = new PartitionLog();
  readonly replicas: readonly number[];
  leader: number;
  leaderEpoch = 0;
  readonly #listeners = new Set<() => void>();

  constructor(index: number, replicas: readonly number[], leader: number) {
    this.index = index;
    this.replicas = replicas;
    this.leader = leader;
  }

  /** Hands the partition to another leader under a new epoch. */
  lead(node: number): void {
    this.leader = node;
    this.leaderEpoch += 1;
    this.moved();
  }

  /** Calls `listener` when the partition moves, is truncated or disappears. Returns the function that ends it. */
  onMove(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Wakes the fetches that wait here: the answer they would get has changed. */
  moved(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

export interface Topic {
  readonly name: string;
  /** 22 characters of base64url (KIP-516). */
  readonly id: string;
  readonly internal: boolean;
  readonly partitions: Partition[];
  /** Settings given at creation: reported, without effect. */
  readonly configs: ReadonlyMap<string, string | null>;
}
