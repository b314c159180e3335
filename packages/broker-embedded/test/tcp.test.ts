/** The TCP listener with raw sockets, in real time. */
import { once } from 'node:events';
import { connect as dial, type Socket } from 'node:net';
import { ByteReader, ByteWriter } from '@kohort/core/spi';
import {
  type Api,
  FrameSplitter,
  findCoordinator,
  frameOf,
  hasFlexibleResponseHeader,
  heartbeat,
  metadata,
  readResponseHeader,
  writeRequestHeader,
} from '@kohort/protocol';
import { afterEach, describe, expect, test } from 'vitest';
import { type EmbeddedBroker, type EmbeddedBrokerOptions, embeddedBroker } from '../src/index.ts';

const open: EmbeddedBroker[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const broker of open.splice(0)) await broker.close();
});

async function start(options: EmbeddedBrokerOptions = {}) {
  const broker = embeddedBroker({ topics: { orders: { partitions: 3 } }, ...options });
  open.push(broker);
  return { broker, address: await broker.listen() };
}

async function dialTo(address: string): Promise<Socket> {
  const [host = '', port = ''] = address.split(':');
  const socket = dial(Number(port), host);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

function requestFrame<RequestInput>(
  api: Api<unknown, unknown, RequestInput, unknown>,
  request: RequestInput,
  apiVersion: number,
  correlationId: number,
): Uint8Array {
  return frameOf((writer) => {
    writeRequestHeader(writer, { apiKey: api.key, apiVersion, correlationId, clientId: 'raw' });
    const body = new ByteWriter();
    api.encodeRequest(request, apiVersion, body);
    writer.raw(body.finish());
  });
}

/** Frames as they come. */
function frames(socket: Socket, count: number): Promise<Uint8Array[]> {
  const splitter = new FrameSplitter();
  const seen: Uint8Array[] = [];
  return new Promise((resolve, reject) => {
    socket.on('data', (bytes) => {
      seen.push(...splitter.push(bytes));
      if (seen.length >= count) resolve(seen);
    });
    socket.on('close', () => reject(new Error(`closed after ${seen.length} frames`)));
  });
}

async function ask<Response, RequestInput>(
  socket: Socket,
  api: Api<unknown, Response, RequestInput, unknown>,
  request: RequestInput,
  version: number,
): Promise<Response> {
  const answer = frames(socket, 1);
  socket.write(requestFrame(api, request, version, 5));
  const reader = new ByteReader((await answer)[0] ?? new Uint8Array(0));
  expect(readResponseHeader(reader, hasFlexibleResponseHeader(api.key, version))).toBe(5);
  return api.decodeResponse(reader, version);
}

describe('the TCP listener', () => {
  test('advertises the ports of all nodes to those who come by TCP', async () => {
    const { broker, address } = await start({ nodes: 3 });
    expect(address).toMatch(/^127\.0\.0\.1:\d+$/);
    const { brokers } = await ask(await dialTo(address), metadata, { topics: [] }, 5);
    expect(brokers.map(({ nodeId, host }) => `${nodeId} ${host}`)).toEqual([
      '0 127.0.0.1',
      '1 127.0.0.1',
      '2 127.0.0.1',
    ]);
    expect(new Set(brokers.map(({ port }) => port)).size).toBe(3);
    const coordinator = await ask(await dialTo(address), findCoordinator, { key: 'g' }, 2);
    expect(coordinator.port).toBe(brokers[broker.coordinatorOf('g')]?.port);
  });

  test('takes frames in single bytes, and several in one piece', async () => {
    const { address } = await start();
    const socket = await dialTo(address);
    socket.setNoDelay(true);
    const answers = frames(socket, 3);
    for (const byte of requestFrame(metadata, { topics: [] }, 5, 1)) socket.write(Uint8Array.of(byte));
    const two = [2, 3].map((id) => requestFrame(metadata, { topics: [] }, 5, id));
    socket.write(Buffer.concat(two));
    expect((await answers).map((frame) => new ByteReader(frame).int32())).toEqual([1, 2, 3]);
  });

  test.each([
    ['HTTP', 'GET / HTTP/1.1\r\n\r\n'],
    ['a TLS handshake', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['an API that nobody knows', '\x00\x00\x00\x0a\x03\xe7\x00\x00\x00\x00\x00\x01\xff\xff'],
  ])('closes the connection on %s', async (_, text) => {
    const { address } = await start();
    const socket = await dialTo(address);
    socket.on('error', () => undefined);
    socket.write(text, 'latin1');
    await once(socket, 'close');
  });

  test('a cut in the middle of a frame leaves half of it', async () => {
    const { broker, address } = await start();
    const socket = await dialTo(address);
    broker.faults.onRequest({ api: 'Metadata', cut: 'mid-frame' });
    const pieces: Buffer[] = [];
    socket.on('data', (bytes) => pieces.push(bytes));
    socket.write(requestFrame(metadata, { topics: [] }, 5, 1));
    await once(socket, 'close');
    const bytes = Buffer.concat(pieces);
    expect(bytes.length).toBeGreaterThan(4);
    expect(bytes.readInt32BE(0)).toBeGreaterThan(bytes.length - 4);
  });

  test('a stopped node refuses connections, and has its port again when it is started', async () => {
    const { broker, address } = await start();
    const socket = await dialTo(address);
    const closed = once(socket, 'close');
    await broker.faults.stopNode(0);
    await closed;
    await expect(dialTo(address)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await broker.faults.startNode(0);
    const answer = await ask(
      await dialTo(address),
      heartbeat,
      { groupId: 'g', generationId: 1, memberId: 'm' },
      3,
    );
    expect(answer.errorCode).toBe(25);
  });

  test('a black hole accepts, and is silent', async () => {
    const { broker, address } = await start();
    const release = broker.faults.blackHole(0);
    const socket = await dialTo(address);
    let heard = 0;
    socket.on('data', (bytes) => {
      heard += bytes.length;
    });
    socket.write(requestFrame(metadata, { topics: [] }, 5, 1));
    const other = await dialTo(address);
    // A round trip of the event loop through the network, twice, would have brought an answer.
    await dialTo(address);
    expect(heard).toBe(0);
    expect(broker.requests).toEqual([]);
    const answer = frames(socket, 1);
    release();
    expect(await answer).toHaveLength(1);
    other.destroy();
  });

  test('loopback only, unless somebody insists; once; and not after close', async () => {
    const broker = embeddedBroker();
    open.push(broker);
    await expect(broker.listen({ host: '0.0.0.0' })).rejects.toMatchObject({ code: 'KOHORT_CONFIG' });
    const address = await broker.listen({ host: '0.0.0.0', unsafeAllowRemote: true });
    expect(address).toMatch(/^0\.0\.0\.0:\d+$/);
    await expect(broker.listen()).rejects.toMatchObject({ code: 'KOHORT_STATE' });
    await broker.close();
    await expect(broker.listen()).rejects.toMatchObject({ code: 'KOHORT_STATE' });
  });

  test('a port that is taken is an error, and listen can be tried again', async () => {
    const { address } = await start();
    const broker = embeddedBroker();
    open.push(broker);
    const port = Number(address.split(':')[1]);
    await expect(broker.listen({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await expect(broker.listen()).resolves.toMatch(/^127/);
  });

  test('close leaves no socket', async () => {
    const broker = embeddedBroker({ nodes: 2 });
    const socket = await dialTo(await broker.listen());
    const closed = once(socket, 'close');
    await Promise.all([broker.close(), broker.close()]);
    await closed;
    await expect
      .poll(() => process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length)
      .toBe(0);
  });
});
