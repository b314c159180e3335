/** Keeps what the members of this process say about themselves, without any metrics library. */
import type { EventName, KohortEvent } from '@kohort/core/spi';
import { MemberRecord } from './member-record.ts';

/** The events that a recorder needs. */
export const RECORDED_EVENTS = [
  'member.state',
  'heartbeat.end',
  'rebalance.end',
  'partitions.assigned',
  'partitions.revoked',
  'partitions.lost',
  'partition.stalled',
  'partition.resumed',
  'lag.sample',
  'close.end',
] as const satisfies readonly EventName[];

const RECORDED: ReadonlySet<string> = new Set(RECORDED_EVENTS);

/** Members by group and client id: members of one group in one process that share a recorder need different client ids. */
export class GroupRecorder {
  readonly #members = new Map<string, MemberRecord>();

  record(event: KohortEvent): void {
    if (!RECORDED.has(event.type)) return;
    const key = JSON.stringify([event.groupId, event.clientId]);
    if (event.type === 'close.end' || (event.type === 'member.state' && event.to === 'closed')) {
      this.#members.delete(key);
      return;
    }
    let member = this.#members.get(key);
    if (member === undefined) {
      member = new MemberRecord(event.groupId);
      this.#members.set(key, member);
    }
    member.apply(event);
  }

  /** Members that have not closed. */
  get members(): Iterable<MemberRecord> {
    return this.#members.values();
  }

  get isEmpty(): boolean {
    return this.#members.size === 0;
  }
}
