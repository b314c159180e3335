// Requests over real sockets: headers, client ids, split frames, several at once, and no noise.
import { type Socket, connect as tcpConnect } from 'node:net';
import { apis } from '@kohort/protocol';
import { Kafka, logLevel } from 'kafkajs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { kafkajsTransport } from '../src/index.ts';
import { ScriptedServer, SILENCE } from './support/scripted-server.ts';
import {
  contextWith,
  FIVE_SECONDS,
  failureOf,
  HEARTBEAT,
  JOIN,
  nodeOf,
  transportTo,
  until,
} from './support/setup.ts';

let server: ScriptedServer;
beforeEach(async () => {
  server = await ScriptedServer.start();
});
afterEach(() => server.stop());

/** Hands every byte that comes to kafkajs on its own. */
function byteByByte({
  host,
  port,
  onConnect,
}: {
  host: string;
  port: number;
  onConnect: () => void;
}): Socket {
  const socket = tcpConnect({ host, port }, onConnect);
  const emit = socket.emit.bind(socket);
  socket.emit = (event: string, ...args: unknown[]) => {
    const [chunk] = args;
    if (event !== 'data' || !(chunk instanceof Uint8Array)) return emit(event, ...args);
    for (let at = 0; at < chunk.length; at += 1) emit('data', chunk.subarray(at, at + 1));
    return true;
  };
  return socket;
}

describe('exchange', () => {
  it('connects, and opens one socket for each lane', async () => {
    const transport = transportTo(server);
    const info = await transport.connect(FIVE_SECONDS);
    expect(info).toMatchObject({ clusterId: 'scripted', brokers: [] });
    expect(info.features).toMatchObject({ staticMembership: true, topicIds: true });
    expect(server.connections).toBe(1);
    expect(await transport.heartbeat(nodeOf(server), HEARTBEAT, FIVE_SECONDS)).toEqual({
      throttleTimeMs: 0,
      errorCode: 0,
    });
    expect(server.connections).toBe(2);
    expect(server.seen.map(({ apiKey }) => apiKey)).toEqual([18, 3, 18, 12]);
    await transport.close();
  });

  it('writes flexible and older headers, and skips the tags of flexible answers', async () => {
    const transport = transportTo(server);
    for (const max of [0, 3, 4]) {
      server.on(apis.apiVersions, () => ({
        errorCode: 0,
        apiKeys: [{ apiKey: 12, minVersion: max, maxVersion: max }],
      }));
      server.on(apis.heartbeat, () => ({ errorCode: 27 }));
      const node = { ...nodeOf(server), nodeId: max };
      expect(await transport.heartbeat(node, HEARTBEAT, FIVE_SECONDS)).toEqual({
        throttleTimeMs: 0,
        errorCode: 27,
      });
      expect(server.seen.at(-1)).toMatchObject({ apiVersion: max, request: { groupId: 'g', memberId: 'm' } });
    }
    await transport.close();
  });

  it('takes frames in pieces of one byte', async () => {
    server.on(apis.joinGroup, ({ protocols }) => ({
      errorCode: 0,
      generationId: 1,
      protocolName: 'range',
      leader: 'm',
      memberId: 'm',
      members: protocols.map(({ metadata }) => ({ memberId: 'm', metadata })),
    }));
    const transport = transportTo(server, { config: { socketFactory: byteByByte } });
    await transport.connect(FIVE_SECONDS);
    for (let i = 0; i < 3; i += 1) {
      const joined = await transport.joinGroup(nodeOf(server), JOIN, FIVE_SECONDS);
      expect(joined.members).toEqual([{ memberId: 'm', metadata: new Uint8Array([1, 2, 3]) }]);
    }
    await transport.close();
  });

  it('keeps requests apart that are in flight together', async () => {
    const transport = transportTo(server);
    server.on(apis.offsetFetch, ({ groups }) => ({
      groups: groups.map(({ groupId, topics }) => ({
        groupId,
        topics: (topics ?? []).map(({ name }) => ({
          name,
          partitions: [{ partitionIndex: 0, committedOffset: BigInt(name), metadata: '', errorCode: 0 }],
        })),
      })),
    }));
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        transport.offsetFetch(
          nodeOf(server),
          { groupId: 'g', partitions: [{ topic: `${i}`, partition: 0 }], requireStable: true },
          FIVE_SECONDS,
        ),
      ),
    );
    expect(results.map(({ partitions }) => partitions[0]?.offset)).toEqual(results.map((_, i) => BigInt(i)));
    expect(server.connections).toBe(1);
    await transport.close();
  });

  it('does not hold a commit back while a join is parked', async () => {
    server.on(apis.joinGroup, () => SILENCE).on(apis.offsetCommit, () => ({ topics: [] }));
    const transport = transportTo(server);
    const join = failureOf(transport.joinGroup(nodeOf(server), JOIN, { timeoutMs: 60_000 }));
    await until(() => server.seen.some(({ apiKey }) => apiKey === apis.joinGroup.key));
    await transport.offsetCommit(nodeOf(server), { ...HEARTBEAT, offsets: [] }, FIVE_SECONDS);
    await transport.close();
    expect(await join).toMatchObject({ kind: 'closed', sent: 'maybe' });
  });
});

describe('client id', () => {
  it.each([
    ['its own default, when neither says anything', 'kohort', undefined, 'kohort'],
    ["kafkajs' when only that is chosen", 'kohort', 'app', 'app'],
    ["Kohort's when it is chosen", 'mine', 'app', 'mine'],
  ])('%s', async (_name, clientId, configured, sent) => {
    const config = configured === undefined ? {} : { clientId: configured };
    const transport = transportTo(server, { config, context: { clientId } });
    await transport.connect(FIVE_SECONDS);
    expect(server.seen.map((one) => one.clientId)).toEqual([sent, sent]);
    await transport.close();
  });
});

describe('a Kafka instance', () => {
  it('works as its config object does, and stays usable and unconnected', async () => {
    const kafka = new Kafka({ brokers: [server.address], clientId: 'app', logLevel: logLevel.NOTHING });
    const factory = kafkajsTransport(kafka);
    expect(server.connections).toBe(0);
    const one = factory.create(contextWith());
    const other = factory.create(contextWith({ groupId: 'h' }));
    await Promise.all([one.connect(FIVE_SECONDS), other.connect(FIVE_SECONDS)]);
    expect(server.connections).toBe(2);
    await one.close();
    expect(await other.metadata([], FIVE_SECONDS)).toMatchObject({ clusterId: 'scripted' });
    await other.close();
  });
});

describe('noise', () => {
  it('makes no warning and prints nothing, when all is well and when nothing is', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    const printed = (['log', 'info', 'warn', 'error', 'debug'] as const).map((method) =>
      vi.spyOn(console, method),
    );
    const transport = transportTo(server);
    for (let i = 0; i < 200; i += 1) await transport.heartbeat(nodeOf(server), HEARTBEAT, FIVE_SECONDS);
    server.on(apis.heartbeat, () => SILENCE);
    const parked = failureOf(transport.heartbeat(nodeOf(server), HEARTBEAT, FIVE_SECONDS));
    await until(() => server.seen.filter(({ apiKey }) => apiKey === apis.heartbeat.key).length === 201);
    server.hangUp();
    await parked;
    await server.stop();
    await failureOf(transport.connect(FIVE_SECONDS));
    await transport.close();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
    for (const spy of printed) {
      expect(spy).not.toHaveBeenCalled();
      spy.mockRestore();
    }
  });

  it('arms no timer with a negative delay, which newer Node versions warn of', async () => {
    const armed = vi.spyOn(globalThis, 'setTimeout');
    const transport = transportTo(server);
    for (let i = 0; i < 3; i += 1) await transport.heartbeat(nodeOf(server), HEARTBEAT, FIVE_SECONDS);
    await transport.close();
    expect(armed.mock.calls.length).toBeGreaterThan(0);
    expect(armed.mock.calls.filter(([, delay]) => delay === undefined || delay < 0)).toEqual([]);
    armed.mockRestore();
  });

  it('of a Kafka instance with the default log is not made either', async () => {
    const error = vi.spyOn(console, 'error');
    const kafka = new Kafka({ brokers: [server.address] });
    await server.stop();
    const transport = kafkajsTransport(kafka).create(contextWith());
    expect(await failureOf(transport.connect(FIVE_SECONDS))).toMatchObject({ kind: 'connect' });
    await transport.close();
    expect(error).not.toHaveBeenCalled();
    error.mockRestore();
  });
});
