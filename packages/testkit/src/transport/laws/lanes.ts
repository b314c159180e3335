/** Laws about lanes: a broker answers one request of a connection at a time, so what waits must not make others wait. */
import { equal, notEqual } from 'node:assert/strict';
import { apis } from '@kohort/protocol';
import type { TransportLaw } from '../law.ts';
import { SILENCE } from '../scripted-server.ts';
import { FETCH, FIVE_SECONDS, failureOf, HEARTBEAT, JOIN, untilAsked } from '../setting.ts';

const parked: TransportLaw = {
  name: 'parked',
  says: 'a parked JoinGroup and a parked Fetch delay neither commit, leave nor metadata',
  async check(setting) {
    const { open, node, server } = setting;
    server
      .on(apis.joinGroup, () => SILENCE)
      .on(apis.fetch, () => SILENCE)
      .on(apis.offsetCommit, () => ({ topics: [] }))
      .on(apis.leaveGroup, () => ({ errorCode: 0, members: [] }));
    const transport = open();
    const forever = { timeoutMs: 300_000 };
    const join = failureOf(transport.joinGroup(node, JOIN, forever));
    const fetch = failureOf(transport.fetch(node, FETCH, forever));
    await untilAsked(setting, apis.joinGroup);
    await untilAsked(setting, apis.fetch);
    await transport.offsetCommit(node, { ...HEARTBEAT, offsets: [] }, FIVE_SECONDS);
    await transport.leaveGroup(node, { groupId: 'g', members: [{ memberId: 'm' }] }, FIVE_SECONDS);
    await transport.metadata([], FIVE_SECONDS);
    await transport.close();
    equal((await join).sent, 'maybe');
    equal((await fetch).sent, 'maybe');
  },
};

const apart: TransportLaw = {
  name: 'apart',
  says: 'two groups share no connection, and closing one leaves the other as it is',
  async check({ make, node, server }) {
    const factory = make(node);
    const context = {
      clientId: 'conformance',
      clock: { monotonic: () => performance.now(), wall: () => Date.now(), setTimer: timer },
      signal: new AbortController().signal,
    };
    const [one, other] = ['g', 'h'].map((groupId) => factory.create({ ...context, groupId }));
    if (one === undefined || other === undefined) throw new Error('two were made');
    notEqual(one, other);
    await Promise.all([one.connect(FIVE_SECONDS), other.connect(FIVE_SECONDS)]);
    equal(server.connections, 2);
    await one.close();
    equal((await other.metadata([], FIVE_SECONDS)).clusterId, 'scripted');
    equal(server.connections, 2);
    await other.close();
  },
};

function timer(callback: () => void, delayMs: number) {
  const armed = setTimeout(callback, delayMs);
  return { cancel: () => clearTimeout(armed) };
}

export const laneLaws: readonly TransportLaw[] = [parked, apart];
