// How connections end: by the broker, by a deadline, by close; and that nothing is left.
import { connect, Socket } from 'node:net';
import { apis } from '@kohort/protocol';
import { ScriptedServer, SILENCE } from '@kohort/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  FIVE_SECONDS,
  failureOf,
  HEARTBEAT,
  JumpingClock,
  nodeOf,
  transportTo,
  until,
} from './support/setup.ts';

let server: ScriptedServer;
beforeEach(async () => {
  server = await ScriptedServer.start();
});
afterEach(() => server.stop());

/** Timers and sockets of this process; servers belong to the tests. */
function count(kind: RegExp): number {
  return process.getActiveResourcesInfo().filter((one) => kind.test(one)).length;
}

const SOCKETS = /^(TCPSocketWrap|TLSWrap|TCPConnectWrap|GetAddrInfoReqWrap)$/;
const TIMERS = /^Timeout$/;

function asked(api: { readonly key: number }): () => boolean {
  return () => server.seen.some(({ apiKey }) => apiKey === api.key);
}

describe('the end of a connection', () => {
  it('by a response header that makes no sense', async () => {
    server.on(apis.heartbeat, () => SILENCE);
    const transport = transportTo(server);
    const call = failureOf(transport.heartbeat(nodeOf(server), HEARTBEAT, FIVE_SECONDS));
    await until(asked(apis.heartbeat));
    const correlationId = server.seen.at(-1)?.correlationId ?? 0;
    const answer = Buffer.from([0, 0, 0, 5, 0, 0, 0, 0, 0xff]);
    answer.writeInt32BE(correlationId, 4);
    for (const socket of server.sockets) socket.write(answer);
    expect(await call).toMatchObject({ kind: 'decode', sent: 'maybe' });
    await transport.close();
  });
});

describe('deadlines', () => {
  it.each([50, 300])("%i ms hold within 150 ms, whatever kafkajs' requestTimeout says", async (timeoutMs) => {
    server.on(apis.heartbeat, () => SILENCE);
    const transport = transportTo(server, { config: { requestTimeout: 30_000 } });
    const warm = failureOf(
      transport.offsetCommit(nodeOf(server), { ...HEARTBEAT, offsets: [] }, { timeoutMs: 1 }),
    );
    await warm;
    const before = performance.now();
    const failure = await failureOf(transport.heartbeat(nodeOf(server), HEARTBEAT, { timeoutMs }));
    const took = performance.now() - before;
    expect(failure).toMatchObject({ kind: 'timeout' });
    expect(took).toBeGreaterThan(timeoutMs - 5);
    expect(took).toBeLessThan(timeoutMs + 150);
    await transport.close();
  });

  it("longer than kafkajs' requestTimeout hold too", async () => {
    let answer: () => void = () => undefined;
    server.on(apis.heartbeat, async () => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return { errorCode: 27 };
    });
    const transport = transportTo(server, { config: { requestTimeout: 50 } });
    const call = transport.heartbeat(nodeOf(server), HEARTBEAT, FIVE_SECONDS);
    await until(asked(apis.heartbeat));
    const asleep = performance.now();
    await until(() => performance.now() - asleep > 250);
    answer();
    expect(await call).toMatchObject({ errorCode: 27 });
    await transport.close();
  });
});

describe('what a connection costs', () => {
  it('an idle one has no timer, and writes at once', async () => {
    await until(() => count(SOCKETS) === 0);
    const timers = count(TIMERS);
    const noDelay = vi.spyOn(Socket.prototype, 'setNoDelay');
    const transport = transportTo(server);
    await transport.heartbeat(nodeOf(server), HEARTBEAT, FIVE_SECONDS);
    expect(count(TIMERS)).toBe(timers);
    // Both ends of the connection are in this process, and both have it set.
    expect(noDelay.mock.calls).toEqual([[true], [true]]);
    noDelay.mockRestore();
    await transport.close();
  });

  it("giving up before there is a connection stops kafkajs' timer", async () => {
    await until(() => count(SOCKETS) === 0);
    const timers = count(TIMERS);
    const sockets: Socket[] = [];
    const socketFactory = ({ host, port }: { host: string; port: number }): Socket => {
      const socket = connect({ host, port, lookup: () => undefined });
      sockets.push(socket);
      return socket;
    };
    const config = { brokers: ['kafka.invalid:9092'], socketFactory, connectionTimeout: 60_000 };
    const transport = transportTo(server, { config });
    const call = failureOf(transport.connect(FIVE_SECONDS));
    await until(() => sockets.length === 1);
    await transport.close();
    expect(await call).toMatchObject({ kind: 'closed', sent: 'no' });
    await until(() => count(TIMERS) === timers);
    expect(sockets[0]?.destroyed).toBe(true);
  });
});

describe('SASL sessions', () => {
  it('change to a fresh connection in time, and kafkajs never authenticates an open one again', async () => {
    const clock = new JumpingClock();
    server
      .on(apis.saslHandshake, () => ({ errorCode: 0, mechanisms: ['PLAIN'] }))
      .on(apis.saslAuthenticate, () => ({
        errorCode: 0,
        errorMessage: null,
        authBytes: new Uint8Array(),
        // Shorter than kafkajs' threshold of 10 seconds: kafkajs alone would authenticate before each request.
        sessionLifetimeMs: 5_000n,
      }));
    const sasl = { mechanism: 'plain' as const, username: 'u', password: 'p' };
    const transport = transportTo(server, { config: { sasl }, context: { clock } });
    const beat = () => transport.heartbeat(nodeOf(server), HEARTBEAT, FIVE_SECONDS);
    await beat();
    await beat();
    expect(server.seen.map(({ apiKey }) => apiKey)).toEqual([18, 17, 36, 12, 12]);
    clock.jump(4_500);
    await beat();
    expect(server.seen.map(({ apiKey }) => apiKey).slice(5)).toEqual([18, 17, 36, 12]);
    await until(() => server.sockets.size === 1);
    await transport.close();
  });
});
