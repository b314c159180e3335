/** Laws about coming to a connection, and about not coming to one. */
import { equal, match, ok } from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { apis } from '@kohort/protocol';
import type { TransportLaw } from '../law.ts';
import { FIVE_SECONDS, failureOf, HEARTBEAT, openHandles, until } from '../setting.ts';

const lazy: TransportLaw = {
  name: 'lazy',
  says: 'making a factory or a transport opens nothing',
  async check({ make, server, open }) {
    make({ host: '127.0.0.1', port: server.port });
    open();
    // A transport that connects by itself has done so by the time that five others have, one after the other.
    for (let others = 1; others <= 5; others += 1) {
      const socket = connect(server.port, '127.0.0.1');
      const isMine = ({ remotePort }: Socket) => remotePort === socket.localPort;
      await until('it is accepted', () => !socket.connecting && [...server.sockets].some(isMine));
      socket.destroy();
    }
    equal(server.connections, 5);
  },
};

const identity: TransportLaw = {
  name: 'identity',
  says: 'a clientId that the group has chosen is in the header of every request',
  async check({ open, node, server }) {
    const transport = open({ clientId: 'chosen' });
    await transport.connect(FIVE_SECONDS);
    await transport.heartbeat(node, HEARTBEAT, FIVE_SECONDS);
    ok(server.seen.length >= 3);
    for (const { clientId } of server.seen) equal(clientId, 'chosen');
  },
};

const features: TransportLaw = {
  name: 'features',
  says: 'what both sides can speak is found out, and what the broker lacks is not claimed',
  async check({ open, server }) {
    const modern = await open().connect(FIVE_SECONDS);
    ok(modern.features.staticMembership && modern.features.topicIds && modern.features.joinReason);
    server.on(apis.apiVersions, () => ({
      errorCode: 0,
      apiKeys: [
        { apiKey: apis.metadata.key, minVersion: 0, maxVersion: 5 },
        { apiKey: apis.joinGroup.key, minVersion: 0, maxVersion: 4 },
      ],
    }));
    const old = await open().connect(FIVE_SECONDS);
    ok(!old.features.staticMembership && !old.features.topicIds && !old.features.joinReason);
  },
};

const nobody: TransportLaw = {
  name: 'refused',
  says: 'where nobody listens, connecting fails with `connect`, `sent: no`, the address, and is retriable',
  async check({ open, server }) {
    await server.stop();
    const failure = await failureOf(open().connect(FIVE_SECONDS));
    equal(failure.kind, 'connect');
    equal(failure.sent, 'no');
    equal(failure.retriable, true);
    match(failure.message, new RegExp(`127\\.0\\.0\\.1:${server.port}`));
  },
};

const stranger: TransportLaw = {
  name: 'stranger',
  says: 'a web server on the port is `decode`, named as what it is, and nothing escapes',
  async check({ open, server }) {
    server.onConnection((socket) =>
      socket.on('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')),
    );
    const failure = await failureOf(open().connect(FIVE_SECONDS));
    equal(failure.kind, 'decode');
    match(failure.message, /HTTP/);
  },
};

const silent: TransportLaw = {
  name: 'silent',
  says: 'a port that takes the connection and says nothing costs the deadline of the call and no more',
  async check({ open, server }) {
    server.onConnection((socket) => socket.resume());
    const before = performance.now();
    const failure = await failureOf(open().connect({ timeoutMs: 200 }));
    equal(failure.kind, 'timeout');
    ok(performance.now() - before < 200 + 150, 'it took too long');
  },
};

const givenUp: TransportLaw = {
  name: 'given up',
  says: 'an abort while connecting is `aborted`, and leaves no socket',
  async check({ open, server }) {
    server.onConnection((socket) => socket.resume());
    const controller = new AbortController();
    const call = failureOf(open().connect({ ...FIVE_SECONDS, signal: controller.signal }));
    await until('there is a socket', () => server.sockets.size === 1);
    controller.abort();
    const failure = await call;
    equal(failure.kind, 'aborted');
    equal(failure.sent, 'no');
    await until('it is gone', () => server.sockets.size === 0);
  },
};

const closedMeanwhile: TransportLaw = {
  name: 'closed meanwhile',
  says: 'close() while connecting ends the call with `closed`, and leaves no socket and no timer',
  async check({ open, server }) {
    await until('no socket is open', () => openHandles().sockets === 0);
    const { timers } = openHandles();
    server.onConnection((socket) => socket.resume());
    const transport = open();
    const call = failureOf(transport.connect(FIVE_SECONDS));
    await until('there is a socket', () => server.sockets.size === 1);
    await transport.close();
    equal((await call).kind, 'closed');
    await until('nothing is left', () => openHandles().sockets === 0 && openHandles().timers <= timers);
  },
};

export const openingLaws: readonly TransportLaw[] = [
  lazy,
  identity,
  features,
  nobody,
  stranger,
  silent,
  givenUp,
  closedMeanwhile,
];
