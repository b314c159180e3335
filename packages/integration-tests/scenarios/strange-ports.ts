/** Ports that are not what they should be: nobody there, garbage, silence, TLS where plain is expected, and the other way. */
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { embeddedBroker } from '@kohort/broker-embedded';
import { kafkajsTransport } from '@kohort/transport-kafkajs';
import { expect } from 'vitest';
import { freePorts } from '../kafka/free-port.ts';
import type { ConsumerSetup } from './consumer-member.ts';
import { failureOf } from './failure.ts';
import type { Scenario } from './scenario.ts';
import type { World } from './world.ts';

const LIMIT_MS = 5_000;

/** Listens on a free port while `use` runs. */
async function withServer(server: Server, use: (address: string) => Promise<void>): Promise<void> {
  const [port = 0] = await freePorts(1);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port }, resolve));
  try {
    await use(`127.0.0.1:${port}`);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

/** A member of a cluster that is to be found at `address`, impatient. */
function memberAt(world: World, address: string, more: object = {}, setup: ConsumerSetup = {}) {
  const transport = kafkajsTransport({ brokers: [address], connectionTimeout: 300, ...more });
  return world.consumer('m1', ['orders'], { transport, requestTimeout: 500, fetchMaxWait: 50, ...setup });
}

const nobody: Scenario = {
  title:
    'nobody listens: ready() rejects with KOHORT_NOT_READY and the cause, and the group recovers when a broker appears',
  needs: ['sockets'],
  async run(world) {
    const [port = 0] = await freePorts(1);
    const m1 = memberAt(world, `127.0.0.1:${port}`);
    await expect(m1.ready(500)).rejects.toMatchObject({
      code: 'KOHORT_NOT_READY',
      cause: { code: 'KOHORT_TRANSPORT', kind: 'connect' },
    });
    expect(m1.ending.state).toBe('open');
    expect(m1.eventsOf('retry.scheduled').length).toBeGreaterThan(0);
    const broker = embeddedBroker({ topics: { orders: { partitions: 2 } }, groupMinSessionTimeout: 100 });
    await broker.listen({ port });
    await m1.ready();
    expect(m1.owned).toEqual(['orders-0', 'orders-1']);
    await m1.close();
    await broker.close();
  },
};

const garbage: Scenario = {
  title: 'a port that answers garbage: terminal in time, and the message says what was received',
  needs: ['sockets'],
  async run(world) {
    const server = createServer((socket) => {
      socket.on('data', () => socket.write('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'));
    });
    await withServer(server, async (address) => {
      const error = await failureOf(world, memberAt(world, address), LIMIT_MS);
      expect(error.code).toBe('KOHORT_CONFIGURATION');
      expect(error.message).toMatch(/127\.0\.0\.1/);
    });
  },
};

const silence: Scenario = {
  title:
    'a port that accepts and never answers: ready() rejects with the timeout as its cause, and close() is quick',
  needs: ['sockets'],
  async run(world) {
    await withServer(createServer(), async (address) => {
      const m1 = memberAt(world, address);
      await expect(m1.ready(1_500)).rejects.toMatchObject({
        code: 'KOHORT_NOT_READY',
        cause: { code: 'KOHORT_TRANSPORT' },
      });
      expect(m1.ending.state).toBe('open');
      const startedAt = world.backend.clock.monotonic();
      await m1.close({ timeout: 1_000 });
      expect(world.backend.clock.monotonic() - startedAt).toBeLessThan(1_500);
    });
  },
};

const hangsUp: Scenario = {
  title: 'a TLS port spoken to in plain: ready() says what happened in time, or the group ends with it',
  needs: ['sockets'],
  async run(world) {
    await withServer(createTlsServer(), async (address) => {
      const m1 = memberAt(world, address);
      await expect(m1.ready(1_500)).rejects.toMatchObject({
        code: expect.stringMatching(/^KOHORT_(NOT_READY|CONFIGURATION)$/),
      });
    });
  },
};

const plain: Scenario = {
  title: 'a plain port spoken to in TLS: terminal in time, as a matter of configuration',
  needs: ['sockets'],
  async run(world) {
    const broker = embeddedBroker();
    const address = await broker.listen();
    const error = await failureOf(world, memberAt(world, address, { ssl: true }), LIMIT_MS);
    expect(error).toMatchObject({ code: 'KOHORT_CONFIGURATION', cause: { kind: 'tls' } });
    await broker.close();
  },
};

const credentials: Scenario = {
  title: 'wrong credentials: terminal in time with KOHORT_AUTHORIZATION, and the message has no password',
  needs: ['sockets'],
  async run(world) {
    const broker = embeddedBroker({ sasl: { users: { alice: 'right' } }, topics: { orders: {} } });
    const address = await broker.listen();
    const sasl = { mechanism: 'plain', username: 'alice', password: 'wrong-secret' };
    const error = await failureOf(world, memberAt(world, address, { sasl }), LIMIT_MS);
    expect(error).toMatchObject({ code: 'KOHORT_AUTHORIZATION', terminalClass: 'authorization' });
    expect(`${error.message} ${String(error.cause)}`).not.toContain('wrong-secret');
    await broker.close();
  },
};

const rightCredentials: Scenario = {
  title: 'right credentials: the group forms and consumes',
  needs: ['sockets'],
  async run(world) {
    const broker = embeddedBroker({
      sasl: { users: { alice: 'right' } },
      topics: { orders: { partitions: 2 } },
      groupMinSessionTimeout: 100,
    });
    const address = await broker.listen();
    const m1 = memberAt(world, address, {
      sasl: { mechanism: 'plain', username: 'alice', password: 'right' },
    });
    await broker.produce('orders', [{ value: 'a' }, { value: 'b' }]);
    await world.until('both are handled', () => m1.handled.length === 2);
    await m1.close();
    await broker.close();
  },
};

const withoutJoin: Scenario = {
  title: 'a broker without a version of JoinGroup that Kohort speaks: terminal, naming the API',
  needs: ['faults'],
  async run(world) {
    const topic = await world.topic(1);
    world.broker.faults.onRequest({
      api: 'ApiVersions',
      rewrite: (response) => {
        if (typeof response !== 'object' || response === null || !('apiKeys' in response)) return response;
        if (!Array.isArray(response.apiKeys)) return response;
        return { ...response, apiKeys: response.apiKeys.filter(({ apiKey }) => apiKey !== 11) };
      },
    });
    const error = await failureOf(world, world.consumer('m1', [topic]));
    expect(error).toMatchObject({ code: 'KOHORT_CONFIGURATION', terminalClass: 'configuration' });
    expect(error.message).toContain('JoinGroup');
  },
};

export const strangePorts: readonly Scenario[] = [
  nobody,
  garbage,
  silence,
  hangsUp,
  plain,
  credentials,
  rightCredentials,
  withoutJoin,
];
