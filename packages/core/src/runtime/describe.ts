/** The snapshot that `describe()` gives. */
import type { GroupDescription, MemberStateName } from '../contracts/description.ts';
import { isLeader, type Membership } from '../membership/state.ts';
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
    protocol: triple.protocolName === null ? null : 'eager',
    state: m.state,
    active: ACTIVE.has(m.state),
    topics: m.topics,
    assignments: m.state === 'in-doubt' ? [] : m.owned,
    coordinator: coordinator
      ? { nodeId: coordinator.nodeId ?? -1, host: coordinator.host, port: coordinator.port }
      : null,
    lastHeartbeat: m.lastHeartbeat,
    lastRebalance: m.lastRebalance,
  };
}
