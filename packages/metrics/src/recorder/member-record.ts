/** What is known of one member from its events: the present, not the past. */
import type { EventOf, KohortEvent, PartitionSample, TopicPartition } from '@kohort/core/spi';

/** One partition as it was last sampled: lags and lead in records. */
export interface PartitionLagRecord extends TopicPartition {
  /** From the position to the end. */
  readonly position: number;
  /** From the committed offset to the end; null while nothing is committed. */
  readonly committed: number | null;
  /** From the committed offset to the position. */
  readonly uncommitted: number | null;
  /** From the beginning to the position; null while the beginning is not known. */
  readonly lead: number | null;
  /** Milliseconds: age of the lowest record that has not settled, 0 where all have; null while it is not known. */
  readonly time: number | null;
  readonly inFlight: number;
  readonly bufferedBytes: number;
  readonly committedOffset: string | null;
  /** Milliseconds since the epoch: when the committed offset was last seen to have moved; null before that. */
  readonly committedAt: number | null;
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
  /** From 0 to 1; null while it is not known. */
  idleRatio: number | null = null;
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

  #sampleLag({ partitions, idleRatio, ts }: EventOf<'lag.sample'>): void {
    const before = new Map(this.lag);
    this.lag.clear();
    for (const sample of partitions) {
      const key = keyOf(sample);
      this.lag.set(key, recordOf(sample, ts, before.get(key)));
    }
    this.idleRatio = idleRatio;
  }
}

function recordOf(sample: PartitionSample, now: number, before?: PartitionLagRecord): PartitionLagRecord {
  const { topic, partition, position, committed, endOffset, logStartOffset, lag, timestamp } = sample;
  const moved = before !== undefined && before.committedOffset !== committed;
  const age = timestamp === null ? null : Math.max(0, now - timestamp);
  return {
    topic,
    partition,
    position: between(position, endOffset),
    committed: committed === null ? null : between(committed, endOffset),
    uncommitted: committed === null ? null : between(committed, position),
    lead: logStartOffset === null ? null : between(logStartOffset, position),
    time: lag === '0' ? 0 : age,
    inFlight: sample.inFlight,
    bufferedBytes: sample.bufferedBytes,
    committedOffset: committed,
    committedAt: moved ? now : (before?.committedAt ?? null),
  };
}

/** Records between two offsets. */
function between(from: string, to: string): number {
  return Math.max(0, Number(BigInt(to) - BigInt(from)));
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${partition} ${topic}`;
}
