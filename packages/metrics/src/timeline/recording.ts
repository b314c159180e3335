/** Records the events of members. */
import type { EventName, EventOf, KohortEvent, TopicPartition } from '@kohort/core/spi';
import {
  Bounded,
  type History,
  type Ownership,
  type TimelineMember,
  type TimelineRebalance,
} from './history.ts';

export const TIMELINE_EVENTS = [
  'rebalance.start',
  'rebalance.end',
  'partitions.assigned',
  'partitions.revoked',
  'partitions.lost',
  'lease.restored',
  'close.end',
  'heartbeat.end',
] as const satisfies readonly EventName[];

export class Recording {
  readonly #ended: Bounded<Ownership>;
  readonly #rebalances: Bounded<TimelineRebalance>;
  /** What lasts, by member and partition. */
  readonly #open = new Map<TimelineMember, Map<string, Ownership>>();
  readonly #running = new Map<TimelineMember, TimelineRebalance>();
  #from: number | null = null;
  #to = 0;

  /** @param limit ownerships that have ended, and rebalances, that are kept */
  constructor(limit: number) {
    this.#ended = new Bounded(limit);
    this.#rebalances = new Bounded(limit);
  }

  record(member: TimelineMember, event: KohortEvent): void {
    this.#from ??= event.ts;
    this.#to = Math.max(this.#to, event.ts);
    switch (event.type) {
      case 'rebalance.start':
        this.#start(member, event);
        break;
      case 'rebalance.end':
        this.#end(member, event);
        break;
      case 'partitions.assigned':
        this.#assign(member, event);
        break;
      case 'partitions.revoked':
        this.#release(member, event.partitions, event.ts, 'revoked');
        break;
      case 'partitions.lost':
        this.#release(member, event.partitions, event.ts, `lost: ${event.reason}`);
        break;
      case 'close.end':
        this.#close(member, event.ts);
        break;
    }
  }

  #start(member: TimelineMember, { ts, trigger, reason }: EventOf<'rebalance.start'>): void {
    const rebalance: TimelineRebalance = {
      member,
      from: ts,
      to: null,
      trigger,
      reason,
      generation: -1,
      outcome: null,
    };
    this.#running.set(member, rebalance);
    this.#rebalances.add(rebalance);
  }

  #end(member: TimelineMember, { ts, outcome, generationId }: EventOf<'rebalance.end'>): void {
    const rebalance = this.#running.get(member);
    if (!rebalance) return;
    Object.assign(rebalance, { to: ts, outcome, generation: generationId });
    this.#running.delete(member);
  }

  #assign(member: TimelineMember, { ts, partitions, generationId }: EventOf<'partitions.assigned'>): void {
    const open = this.#open.get(member) ?? new Map<string, Ownership>();
    this.#open.set(member, open);
    const began = this.#running.get(member)?.trigger ?? 'the coordinator accepted the member again';
    for (const { topic, partition } of partitions) {
      const key = `${partition} ${topic}`;
      if (open.has(key)) continue;
      open.set(key, {
        member,
        topic,
        partition,
        from: ts,
        to: null,
        generation: generationId,
        began,
        ended: null,
      });
    }
  }

  #release(member: TimelineMember, partitions: readonly TopicPartition[], ts: number, why: string): void {
    const open = this.#open.get(member);
    for (const { topic, partition } of partitions) {
      const key = `${partition} ${topic}`;
      const ownership = open?.get(key);
      if (!ownership) continue;
      open?.delete(key);
      ownership.to = ts;
      ownership.ended = why;
      this.#ended.add(ownership);
    }
  }

  #close(member: TimelineMember, ts: number): void {
    this.#release(member, [...(this.#open.get(member)?.values() ?? [])], ts, 'closed');
    this.#open.delete(member);
    const rebalance = this.#running.get(member);
    if (rebalance) Object.assign(rebalance, { to: ts, outcome: 'abandoned' });
    this.#running.delete(member);
  }

  /** What is known at this moment. */
  history(): History {
    const open = [...this.#open.values()].flatMap((byPartition) => [...byPartition.values()]);
    const ownerships = [...this.#ended.items, ...open].sort((a, b) => a.from - b.from);
    const rebalances = this.#rebalances.items;
    const forgotten = this.#ended.missing + this.#rebalances.missing;
    const earliest = [...ownerships, ...rebalances].reduce((min, { from }) => Math.min(min, from), this.#to);
    return {
      ownerships,
      rebalances,
      // What was forgotten leaves no empty space.
      from: forgotten > 0 ? earliest : (this.#from ?? 0),
      to: this.#to,
      forgotten,
    };
  }
}
