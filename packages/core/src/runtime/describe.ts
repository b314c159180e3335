/** What the member looks like from outside: the snapshot that `describe()` gives, and the identity in events. */
import type { GroupDescription, MemberStateName } from '../contracts/description.ts';
import type { TopicPartition } from '../contracts/topic-partition.ts';
import { isLeader, type Membership } from '../membership/state.ts';
import type { Identity } from './notifier.ts';
import type { ManagerSettings } from './settings.ts';

const ACTIVE: ReadonlySet<MemberStateName> = new Set([
  'assigning',
  'syncing',
  'applying',
  'stable',
  'draining',
]);

export function describeMember(m: Membership, settings: ManagerSettings): GroupDescription {
  const { coordinator, triple } = m;
  return {
    groupId: settings.groupId,
    clientId: settings.clientId,
    memberId: triple.memberId,
    groupInstanceId: settings.groupInstanceId ?? null,
    leaderId: m.leaderId,
    isLeader: isLeader(m),
    generationId: triple.generationId,
    assignor: triple.protocolName,
    protocol: triple.protocolName === null ? null : m.config.protocol,
    state: m.state,
    // A cooperative member that joins the next generation is still in this one, and works.
    active: ACTIVE.has(m.state) || (m.state === 'joining' && m.owned.length > 0),
    topics: m.topics,
    assignments: m.state === 'in-doubt' ? [] : [...m.owned].sort(byTopicAndNumber),
    coordinator: coordinator
      ? { nodeId: coordinator.nodeId ?? -1, host: coordinator.host, port: coordinator.port }
      : null,
    lastHeartbeat: m.lastHeartbeat,
    lastRebalance: m.lastRebalance,
  };
}

function byTopicAndNumber(a: TopicPartition, b: TopicPartition): number {
  if (a.topic === b.topic) return a.partition - b.partition;
  return a.topic < b.topic ? -1 : 1;
}

/** The part of every event that the membership knows. */
export function identityOf(m: Membership, { groupId, clientId, groupInstanceId }: ManagerSettings): Identity {
  return {
    groupId,
    clientId,
    ...(groupInstanceId === undefined ? {} : { groupInstanceId }),
    memberId: m.triple.memberId,
    generationId: m.triple.generationId,
    ...(m.rebalance ? { rebalanceId: m.rebalance.id } : {}),
  };
}
