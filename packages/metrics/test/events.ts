/** Events as the core makes them, for tests. */
import type { EventEnvelope, EventFields, EventName, EventOf } from '@kohort/core/spi';

/** Makes events of one member, numbered. */
export function eventsOf(member: Partial<EventEnvelope> = {}) {
  let seq = 0;
  return <Name extends EventName>(type: Name, fields: EventFields[Name]): EventOf<Name> => {
    seq += 1;
    const envelope: EventEnvelope = {
      v: 1,
      seq,
      ts: 1_700_000_000_000 + seq,
      mono: seq,
      groupId: 'orders',
      clientId: 'client',
      memberId: 'member-1',
      generationId: 7,
      ...member,
    };
    const event: EventOf<Name> = Object.assign({}, envelope, { type }, fields);
    Object.freeze(event);
    return event;
  };
}

export function partitions(topic: string, count: number) {
  return Array.from({ length: count }, (_, partition) => ({ topic, partition }));
}

export const ok = { outcome: 'ok', error: null } as const;

export const rebalanceEnd: EventFields['rebalance.end'] = {
  trigger: 'heartbeat',
  outcome: 'ok',
  durationMs: 1_500,
  phases: { revokeMs: 200, joinMs: 1_000, assignMs: 0, syncMs: 250, applyMs: 50 },
  rounds: 1,
  isLeader: true,
  memberCount: 3,
  assignor: 'roundrobin',
  kept: 2,
  added: 1,
  revoked: 4,
};
