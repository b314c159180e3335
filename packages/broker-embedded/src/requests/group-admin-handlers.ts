/** DescribeGroups, ListGroups, DeleteGroups: several groups in one request, each with its own coordinator. */
import { deleteGroups, describeGroups, listGroups } from '@kohort/protocol';
import type { Cluster } from '../cluster/cluster.ts';
import { defineHandler, type Handler } from './handler.ts';

export function groupAdminHandlers({ coordinators }: Cluster): Handler[] {
  const describe = defineHandler({
    api: describeGroups,
    errorLevel: 'top',
    parts: ({ groups }) => groups,
    handle: async (request, call) => {
      const answers = await Promise.all(
        request.groups.map((group) =>
          coordinators.at(call.node, group).describeGroups({ groups: [group] }, call),
        ),
      );
      return { groups: answers.flatMap(({ groups }) => groups) };
    },
    blank: ({ groups }) => ({
      groups: groups.map((groupId) => ({
        groupId,
        errorCode: 0,
        groupState: '',
        protocolType: '',
        protocolData: '',
        members: [],
      })),
    }),
  });
  const list = defineHandler({
    api: listGroups,
    errorLevel: 'top',
    handle: async (request, { node }) => {
      const answers = await Promise.all(coordinators.on(node).map((each) => each.listGroups(request)));
      const failed = answers.find(({ errorCode }) => errorCode !== 0);
      return { errorCode: failed?.errorCode ?? 0, groups: answers.flatMap(({ groups }) => groups) };
    },
    blank: () => ({ errorCode: 0, groups: [] }),
  });
  const remove = defineHandler({
    api: deleteGroups,
    errorLevel: 'top',
    parts: ({ results }) => results,
    handle: async (request, call) => {
      const answers = await Promise.all(
        request.groupsNames.map((group) =>
          coordinators.at(call.node, group).deleteGroups({ groupsNames: [group] }),
        ),
      );
      return { throttleTimeMs: 0, results: answers.flatMap(({ results }) => results) };
    },
    blank: ({ groupsNames }) => ({
      throttleTimeMs: 0,
      results: groupsNames.map((groupId) => ({ groupId, errorCode: 0 })),
    }),
  });
  return [describe, list, remove];
}
