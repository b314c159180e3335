/** JoinGroup, SyncGroup, Heartbeat, LeaveGroup: handed to the coordinator of the group. */
import { heartbeat, joinGroup, leaveGroup, syncGroup } from '@kohort/protocol';
import type { Cluster } from '../cluster/cluster.ts';
import { defineHandler, type Handler } from './handler.ts';

const NO_BYTES = new Uint8Array(0);

export function membershipHandlers({ coordinators }: Cluster): Handler[] {
  const join = defineHandler({
    api: joinGroup,
    errorLevel: 'top',
    handle: (request, call) => coordinators.at(call.node, request.groupId).joinGroup(request, call),
    blank: ({ memberId }) => ({
      errorCode: 0,
      protocolName: '',
      leader: '',
      memberId,
      members: [],
    }),
  });
  const sync = defineHandler({
    api: syncGroup,
    errorLevel: 'top',
    handle: (request, call) => coordinators.at(call.node, request.groupId).syncGroup(request, call),
    blank: () => ({ errorCode: 0, assignment: NO_BYTES }),
  });
  const beat = defineHandler({
    api: heartbeat,
    errorLevel: 'top',
    handle: (request, call) => coordinators.at(call.node, request.groupId).heartbeat(request),
    blank: () => ({ errorCode: 0 }),
  });
  const leave = defineHandler({
    api: leaveGroup,
    errorLevel: 'top',
    handle: (request, call) => coordinators.at(call.node, request.groupId).leaveGroup(request, call),
    blank: ({ members }) => ({
      errorCode: 0,
      members: members.map(({ memberId, groupInstanceId }) => ({ memberId, groupInstanceId, errorCode: 0 })),
    }),
  });
  return [join, sync, beat, leave];
}
