/** What is known of one member from its events: the present, not the past. */
import type { EventOf, KohortEvent, TopicPartition } from '@kohort/core/spi';

/** Lag of one partition in records. */
export interface PartitionLagRecord extends TopicPartition {
  /** From the position to the end. */
  readonly position: number;
  /** From the committed offset to the end; null while nothing is committed. */
  readonly committed: number | null;
}

export class MemberRecord {
  readonly groupId: string;
  state: string = 'idle';
  /** -1 while there is none. */
  generation = -1;
  isLeader = false;
  /** Members of the group, as the leader knows it; null for a follower. */
  groupMembers: number | null = null;
  readonly assigned = new Map<string, TopicPartition>();
  readonly lag = new Map<string, PartitionLagRecord>();
  readonly stalled = new Set<string>();
  /** Milliseconds since the epoch; null before the first. */
  lastHeartbeatAck: number | null = null;
  lastRebalance: number | null = null;
  /** Milliseconds; null before the first heartbeat. */
  sessionTimeoutMs: number | null = null;

  constructor(groupId: string) {
    this.groupId = groupId;
  }

  apply(event: KohortEvent): void {
    this.generation = event.generationId;
    switch (event.type) {
      case 'member.state':
        this.state = event.to;
        break;
      case 'heartbeat.end':
        this.sessionTimeoutMs = event.sessionTimeoutMs;
        if (event.outcome === 'ok') this.lastHeartbeatAck = event.ts;
        break;
      case 'rebalance.end':
        this.#endRebalance(event);
        break;
      case 'partitions.assigned':
        for (const partition of event.partitions) this.assigned.set(keyOf(partition), partition);
        break;
      case 'partitions.revoked':
      case 'partitions.lost':
        for (const partition of event.partitions) this.#forget(partition);
        break;
      case 'partition.stalled':
        this.stalled.add(keyOf(event));
        break;
      case 'partition.resumed':
        this.stalled.delete(keyOf(event));
        break;
      case 'lag.sample':
        this.#sampleLag(event);
        break;
    }
  }

  #endRebalance(event: EventOf<'rebalance.end'>): void {
    this.lastRebalance = event.ts;
    if (event.outcome !== 'ok') return;
    this.isLeader = event.isLeader;
    this.groupMembers = event.isLeader ? event.memberCount : null;
  }

  /** A revoked partition's figures go at once: its next owner tells them now. */
  #forget(partition: TopicPartition): void {
    const key = keyOf(partition);
    this.assigned.delete(key);
    this.lag.delete(key);
    this.stalled.delete(key);
  }

  #sampleLag(event: EventOf<'lag.sample'>): void {
    this.lag.clear();
    for (const { topic, partition, committed, endOffset, lag } of event.partitions) {
      this.lag.set(keyOf({ topic, partition }), {
        topic,
        partition,
        position: Number(lag),
        committed: committed === null ? null : Number(BigInt(endOffset) - BigInt(committed)),
      });
    }
  }
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${partition} ${topic}`;
}
