/** Laws about the end of connections: by the broker, by garbage, by close(); and that nothing is left. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { apis } from '@kohort/protocol';
import type { TransportLaw } from '../law.ts';
import { SILENCE } from '../scripted-server.ts';
import {
  FETCH,
  FIVE_SECONDS,
  failureOf,
  HEARTBEAT,
  JOIN,
  openHandles,
  until,
  untilAsked,
} from '../setting.ts';

const inFlight: TransportLaw = {
  name: 'in flight',
  says: 'what is in flight when the broker hangs up fails with `laneClosed` and `maybe`; the next call connects again',
  async check(setting) {
    const { open, node, server } = setting;
    server.on(apis.joinGroup, () => SILENCE);
    const transport = open();
    const join = failureOf(transport.joinGroup(node, JOIN, FIVE_SECONDS));
    await untilAsked(setting, apis.joinGroup);
    server.hangUp();
    const failure = await join;
    equal(failure.kind, 'laneClosed');
    equal(failure.sent, 'maybe');
    equal(failure.api, 'JoinGroup');
    equal((await transport.heartbeat(node, HEARTBEAT, FIVE_SECONDS)).errorCode, 0);
  },
};

const idle: TransportLaw = {
  name: 'idle',
  says: 'a connection that ends while nothing is in flight is replaced at the next call',
  async check({ open, node, server }) {
    const transport = open();
    const events: string[] = [];
    transport.subscribe(({ type }) => events.push(type));
    await transport.heartbeat(node, HEARTBEAT, FIVE_SECONDS);
    const { connections } = server;
    server.hangUp();
    await until('the end was noticed', () => events.includes('laneClose'));
    await transport.heartbeat(node, HEARTBEAT, FIVE_SECONDS);
    ok(server.connections > connections);
  },
};

const garbage: TransportLaw = {
  name: 'garbage',
  says: 'bytes that are no answer end the connection, and the call with `maybe`; nothing escapes',
  async check(setting) {
    const { open, node, server } = setting;
    server.on(apis.heartbeat, () => SILENCE);
    for (const bytes of [
      [0x80, 0, 0, 0, 1, 2, 3],
      [0, 0, 0, 5, 0x7f, 0xff, 0xff, 0xff, 0],
      [0, 0, 0, 1, 7],
    ]) {
      const transport = open();
      const asked = server.seen.filter(({ apiKey }) => apiKey === apis.heartbeat.key).length;
      // A wire that cannot tell whose answer it is may also ignore it, and let the deadline decide.
      const call = failureOf(transport.heartbeat(node, HEARTBEAT, { timeoutMs: 500 }));
      await untilAsked(setting, apis.heartbeat, asked + 1);
      for (const socket of server.sockets) socket.write(Uint8Array.from(bytes));
      const failure = await call;
      ok(['laneClosed', 'decode', 'timeout'].includes(failure.kind), failure.kind);
      equal(failure.sent, 'maybe');
      await transport.close();
    }
  },
};

const closing: TransportLaw = {
  name: 'closing',
  says: 'close() while calls are parked ends them with `closed` in under 100 ms, once for all who ask',
  async check(setting) {
    const { open, node, server } = setting;
    server.on(apis.joinGroup, () => SILENCE).on(apis.fetch, () => SILENCE);
    const transport = open();
    const forever = { timeoutMs: 300_000 };
    const calls = [transport.joinGroup(node, JOIN, forever), transport.fetch(node, FETCH, forever)].map(
      failureOf,
    );
    await untilAsked(setting, apis.joinGroup);
    await untilAsked(setting, apis.fetch);
    const before = performance.now();
    await Promise.all([transport.close(), transport.close()]);
    for (const failure of await Promise.all(calls)) {
      equal(failure.kind, 'closed');
      equal(failure.sent, 'maybe');
    }
    ok(performance.now() - before < 100, 'it took too long');
    await transport.close();
    equal((await failureOf(transport.heartbeat(node, HEARTBEAT, FIVE_SECONDS))).kind, 'closed');
  },
};

const nothingLeft: TransportLaw = {
  name: 'nothing left',
  says: 'a hundred uses leave no socket and no timer, an idle connection has no timer, and there is no warning',
  async check({ open, node }) {
    await until('no socket is open', () => openHandles().sockets === 0);
    const { timers } = openHandles();
    const warnings: string[] = [];
    const onWarning = ({ message }: Error) => warnings.push(message);
    process.on('warning', onWarning);
    const transport = open();
    for (let i = 0; i < 100; i += 1) await transport.heartbeat(node, HEARTBEAT, FIVE_SECONDS);
    // A runner may arm and end timers of its own meanwhile; one of a connection would stay.
    await until('an idle connection has no timer', () => openHandles().timers <= timers);
    await transport.close();
    await until('nothing is left', () => openHandles().sockets === 0 && openHandles().timers <= timers);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', onWarning);
    deepEqual(warnings, []);
  },
};

export const endLaws: readonly TransportLaw[] = [inFlight, idle, garbage, closing, nothingLeft];
