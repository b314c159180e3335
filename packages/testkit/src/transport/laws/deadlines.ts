/** Laws about deadlines and aborts: a call settles in time, and says whether the broker may have seen it. */
import { equal, ok } from 'node:assert/strict';
import { apis } from '@kohort/protocol';
import type { TransportLaw } from '../law.ts';
import { SILENCE } from '../scripted-server.ts';
import { FIVE_SECONDS, failureOf, HEARTBEAT, JOIN, until, untilAsked } from '../setting.ts';

const exact: TransportLaw = {
  name: 'exact',
  says: 'a deadline holds within 150 ms',
  async check({ open, node, server }) {
    server.on(apis.heartbeat, () => SILENCE);
    const transport = open();
    await transport.connect(FIVE_SECONDS);
    for (const timeoutMs of [50, 300]) {
      const before = performance.now();
      const failure = await failureOf(transport.heartbeat(node, HEARTBEAT, { timeoutMs }));
      const took = performance.now() - before;
      equal(failure.kind, 'timeout');
      ok(took > timeoutMs - 5 && took < timeoutMs + 150, `${timeoutMs} ms took ${took} ms`);
    }
  },
};

const taken: TransportLaw = {
  name: 'taken along',
  says: 'a JoinGroup that is not waited for any more takes its connection along, which would never be free again',
  async check({ open, node, server }) {
    server.on(apis.joinGroup, () => SILENCE);
    const failure = await failureOf(open().joinGroup(node, JOIN, { timeoutMs: 200 }));
    equal(failure.kind, 'timeout');
    equal(failure.sent, 'maybe');
    await until('the socket is gone', () => server.sockets.size === 0);
  },
};

const tooLate: TransportLaw = {
  name: 'too late',
  says: 'a signal that has aborted before the call keeps every byte back',
  async check({ open, node, server }) {
    const transport = open();
    await transport.connect(FIVE_SECONDS);
    const before = server.seen.length;
    const signal = AbortSignal.abort();
    const failure = await failureOf(transport.heartbeat(node, HEARTBEAT, { ...FIVE_SECONDS, signal }));
    equal(failure.kind, 'aborted');
    equal(failure.sent, 'no');
    equal(server.seen.length, before);
  },
};

const meanwhile: TransportLaw = {
  name: 'meanwhile',
  says: 'an abort while the broker works is told as `maybe`, and the next call goes through',
  async check(setting) {
    const { open, node, server } = setting;
    server.on(apis.joinGroup, () => SILENCE);
    const transport = open();
    const controller = new AbortController();
    const call = failureOf(transport.joinGroup(node, JOIN, { ...FIVE_SECONDS, signal: controller.signal }));
    await untilAsked(setting, apis.joinGroup);
    controller.abort();
    const failure = await call;
    equal(failure.kind, 'aborted');
    equal(failure.sent, 'maybe');
    equal((await transport.heartbeat(node, HEARTBEAT, FIVE_SECONDS)).errorCode, 0);
  },
};

export const deadlineLaws: readonly TransportLaw[] = [exact, taken, tooLate, meanwhile];
