// Every way in which a connection may not come about: the kind, a remedy, and no longer than the bounds allow.
import { type Socket, connect as tcpConnect } from 'node:net';
import { apis } from '@kohort/protocol';
import { HANG_UP, ScriptedServer, SILENCE } from '@kohort/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CERTIFICATE, PRIVATE_KEY } from './support/certificate.ts';
import { FIVE_SECONDS, failureOf, type SetupOptions, transportTo } from './support/setup.ts';

const servers: ScriptedServer[] = [];
async function start(kind: 'plain' | 'tls' = 'plain'): Promise<ScriptedServer> {
  const server = await ScriptedServer.start(
    kind === 'tls' ? { cert: CERTIFICATE, key: PRIVATE_KEY } : undefined,
  );
  servers.push(server);
  return server;
}
let server: ScriptedServer;
beforeEach(async () => {
  server = await start();
});
afterEach(async () => {
  for (const one of servers.splice(0)) await one.stop();
});

/** How connecting fails; nothing is left of it afterwards. */
async function failing(at: { readonly address: string }, setup: SetupOptions = {}, timeoutMs = 5_000) {
  const transport = transportTo(at, setup);
  const failure = await failureOf(transport.connect({ timeoutMs }));
  await transport.close();
  expect(failure.sent).toBe('no');
  return failure;
}

describe('address', () => {
  it('nobody listens', async () => {
    await server.stop();
    const failure = await failing(server);
    expect(failure).toMatchObject({
      kind: 'connect',
      broker: { host: '127.0.0.1', port: server.port },
      lane: 'control',
    });
    expect(failure.message).toMatch(
      /Cannot connect to 127\.0\.0\.1:\d+: .*ECONNREFUSED.*advertised\.listeners/,
    );
    expect(failure.retriable).toBe(true);
  });

  it.each(['ENOTFOUND', 'EAI_AGAIN'])('the name does not resolve: %s', async (code) => {
    const socketFactory = ({
      host,
      port,
      onConnect,
    }: {
      host: string;
      port: number;
      onConnect: () => void;
    }): Socket =>
      tcpConnect(
        {
          host,
          port,
          lookup: (name, _options, callback) =>
            callback(Object.assign(new Error(`getaddrinfo ${code} ${name}`), { code }), '', 4),
        },
        onConnect,
      );
    const failure = await failing({ address: 'kafka.invalid:9092' }, { config: { socketFactory } });
    expect(failure).toMatchObject({ kind: 'dns', broker: { host: 'kafka.invalid', port: 9092 } });
    expect(failure.message).toMatch(/kafka\.invalid cannot be resolved .*`brokers`/);
  });

  it("no connection within kafkajs' connectionTimeout", async () => {
    const socketFactory = ({ host, port }: { host: string; port: number }): Socket =>
      tcpConnect({ host, port, lookup: () => undefined });
    const failure = await failing(
      { address: 'kafka.invalid:9092' },
      { config: { socketFactory, connectionTimeout: 50 } },
    );
    expect(failure).toMatchObject({ kind: 'connect' });
    expect(failure.message).toMatch(/within 50 ms.*connectionTimeout/);
  });
});

describe('not a broker', () => {
  it.each<[string, string | Buffer, RegExp]>([
    [
      'a web server',
      'HTTP/1.1 400 Bad Request\r\n\r\n',
      /does not answer like a Kafka broker.*web server.*Check host and port/,
    ],
    [
      'a negative size',
      Buffer.from([0xff, 0xff, 0xff, 0xf0, 1, 2, 3]),
      /does not answer like a Kafka broker/,
    ],
    ['a frame too short for a header', Buffer.from([0, 0, 0, 1, 7]), /does not answer like a Kafka broker/],
    [
      'an answer that is cut off',
      Buffer.from([0, 0, 0, 6, 0, 0, 0, 0, 0, 0]),
      /does not answer like a Kafka broker/,
    ],
  ])('answers with garbage: %s', async (_name, bytes, message) => {
    server.onConnection((socket) => socket.on('data', () => socket.write(bytes)));
    const failure = await failing(server);
    expect(failure).toMatchObject({ kind: 'decode' });
    expect(failure.message).toMatch(message);
  });

  it('greets first, as SSH does', async () => {
    server.onConnection((socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n'));
    const failure = await failing(server);
    expect(failure.kind).toBe('decode');
    expect(failure.message).toContain('SSH');
  });

  it('says nothing: the deadline of the call holds', async () => {
    server.onConnection((socket) => socket.resume());
    const before = performance.now();
    const failure = await failing(server, {}, 200);
    expect(failure).toMatchObject({ kind: 'timeout' });
    expect(performance.now() - before).toBeLessThan(200 + 150);
  });

  it("says nothing: kafkajs' requestTimeout holds when it is shorter", async () => {
    server.onConnection((socket) => socket.resume());
    const failure = await failing(server, { config: { requestTimeout: 100, connectionTimeout: 100 } });
    expect(failure).toMatchObject({ kind: 'timeout' });
    expect(failure.message).toMatch(/did not answer.*`ssl: true`/);
  });

  it('hangs up at the first request', async () => {
    server.onConnection((socket) => socket.on('data', () => socket.destroy()));
    const failure = await failing(server);
    expect(failure).toMatchObject({ kind: 'connect' });
    expect(failure.message).toMatch(/closed the connection instead of answering.*`ssl: true`/);
  });

  it('is a broker too old for version 0 of ApiVersions', async () => {
    server.on(apis.apiVersions, () => ({ errorCode: 35, apiKeys: [] }));
    const failure = await failing(server);
    expect(failure.kind).toBe('connect');
    expect(failure.message).toContain('API Versions not supported');
  });
});

describe('TLS', () => {
  it('works with a certificate that is trusted', async () => {
    const secure = await start('tls');
    const transport = transportTo(secure, { config: { ssl: { ca: [CERTIFICATE] } } });
    expect(await transport.connect(FIVE_SECONDS)).toMatchObject({ clusterId: 'scripted' });
    await transport.close();
  });

  it('a TLS port spoken to in plain text, which hangs up', async () => {
    const failure = await failing(await start('tls'));
    expect(failure).toMatchObject({ kind: 'connect' });
    expect(failure.message).toMatch(/closed the connection instead of answering.*`ssl: true`/);
  });

  it('a TLS port spoken to in plain text, which answers with an alert', async () => {
    const unexpectedMessage = Buffer.from([0x15, 3, 3, 0, 2, 2, 10]);
    server.onConnection((socket) => socket.on('data', () => socket.end(unexpectedMessage)));
    const failure = await failing(server);
    expect(failure).toMatchObject({ kind: 'tls' });
    expect(failure.message).toMatch(/speaks TLS.*Set `ssl: true`/);
  });

  it('a plain port spoken to in TLS', async () => {
    const failure = await failing(server, { config: { ssl: true } });
    expect(failure).toMatchObject({ kind: 'tls' });
    expect(failure.message).toMatch(/plain text: remove `ssl`/);
  });

  it('a port that never answers a handshake', async () => {
    server.onConnection((socket) => socket.resume());
    const failure = await failing(server, { config: { ssl: true, connectionTimeout: 100 } });
    expect(failure).toMatchObject({ kind: 'tls' });
    expect(failure.message).toMatch(/Connection timeout/);
  });

  it('a certificate that nobody trusts', async () => {
    const failure = await failing(await start('tls'), { config: { ssl: true } });
    expect(failure).toMatchObject({ kind: 'tls', retriable: false });
    expect(failure.message).toMatch(/self-signed certificate.*`ssl\.ca`/);
  });

  it('a certificate for another name', async () => {
    const ssl = { ca: [CERTIFICATE], servername: 'kafka.example' };
    const failure = await failing(await start('tls'), { config: { ssl } });
    expect(failure).toMatchObject({ kind: 'tls' });
    expect(failure.message).toMatch(/ERR_TLS_CERT_ALTNAME_INVALID.*`ssl\.servername`/);
  });
});

describe('SASL', () => {
  const sasl = { mechanism: 'plain' as const, username: 'alice', password: 'secret-of-alice' };

  function saslServer(answer: { errorCode: number; errorMessage: string | null }) {
    server
      .on(apis.saslHandshake, () => ({ errorCode: 0, mechanisms: ['PLAIN'] }))
      .on(apis.saslAuthenticate, () => ({ ...answer, authBytes: new Uint8Array(), sessionLifetimeMs: 0n }));
  }

  it('works with good credentials', async () => {
    saslServer({ errorCode: 0, errorMessage: null });
    const transport = transportTo(server, { config: { sasl } });
    expect(await transport.connect(FIVE_SECONDS)).toMatchObject({ clusterId: 'scripted' });
    expect(server.seen.map(({ apiKey }) => apiKey)).toEqual([18, 17, 36, 3]);
    await transport.close();
  });

  it('bad credentials', async () => {
    saslServer({ errorCode: 58, errorMessage: 'Authentication failed: Invalid username or password' });
    const failure = await failing(server, { config: { sasl } });
    expect(failure).toMatchObject({ kind: 'auth', retriable: false });
    expect(failure.message).toMatch(/Invalid username or password.*`sasl\.username`/);
    expect(JSON.stringify([failure.message, failure.stack])).not.toContain(sasl.password);
  });

  it('bad credentials, when the broker hangs up right behind its answer', async () => {
    saslServer({ errorCode: 58, errorMessage: 'Invalid username or password' });
    const { promise, hangUp } = soon();
    server.on(apis.saslAuthenticate, () => {
      hangUp(() => server.hangUp());
      return { errorCode: 58, errorMessage: 'Invalid username or password', authBytes: new Uint8Array() };
    });
    expect(await failing(server, { config: { sasl } })).toMatchObject({ kind: 'auth' });
    await promise;
  });

  it('a mechanism that the broker does not have', async () => {
    server.on(apis.saslHandshake, () => ({ errorCode: 33, mechanisms: ['SCRAM-SHA-512'] }));
    const failure = await failing(server, { config: { sasl } });
    expect(failure).toMatchObject({ kind: 'auth' });
    expect(failure.message).toMatch(/`sasl\.mechanism`/);
  });

  it('a listener without SASL', async () => {
    server.on(apis.saslHandshake, () => ({ errorCode: 34, mechanisms: [] }));
    const failure = await failing(server, { config: { sasl } });
    expect(failure).toMatchObject({ kind: 'auth' });
    expect(failure.message).toMatch(/does not use SASL: remove `sasl`/);
  });

  it('a broker that hangs up meanwhile', async () => {
    server.on(apis.saslHandshake, () => HANG_UP);
    const failure = await failing(server, { config: { sasl } });
    expect(failure).toMatchObject({ kind: 'connect' });
    expect(failure.message).toContain('during SASL authentication');
  });

  it('a provider that never answers: the deadline of the call holds', async () => {
    server.on(apis.saslHandshake, () => SILENCE);
    expect(await failing(server, { config: { sasl } }, 200)).toMatchObject({ kind: 'timeout' });
  });

  it('a listener that wants SASL and does not get it closes at the first request, and the message says so', async () => {
    server.on(apis.metadata, () => HANG_UP);
    const transport = transportTo(server);
    const failure = await failureOf(transport.connect(FIVE_SECONDS));
    expect(failure).toMatchObject({ kind: 'laneClosed', sent: 'maybe' });
    expect(failure.message).toMatch(/closed the connection; if this listener wants SASL, set `sasl`/);
    await transport.close();
  });
});

/** Runs something once the answer that is being made has been written. */
function soon() {
  let done: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => {
    done = resolve;
  });
  const hangUp = (run: () => void) =>
    setImmediate(() => {
      for (const socket of server.sockets) socket.end();
      run();
      done();
    });
  return { promise, hangUp };
}

describe('several bootstrap servers', () => {
  it('the first that works is taken', async () => {
    const dead = await start();
    await dead.stop();
    const transport = transportTo(server, { config: { brokers: [dead.address, server.address] } });
    expect(await transport.connect(FIVE_SECONDS)).toMatchObject({ clusterId: 'scripted' });
    await transport.close();
  });

  it('when none works, each says why', async () => {
    const dead = await start();
    await dead.stop();
    server.onConnection((socket) => socket.write('SSH-2.0\r\n'));
    const failure = await failing(server, {
      config: { brokers: [dead.address, server.address, dead.address] },
    });
    expect(failure).toMatchObject({ kind: 'connect' });
    expect(failure.message).toMatch(/None of the 2 bootstrap servers.*\n- .*ECONNREFUSED.*\n- .*SSH/);
  });

  it('a function may name them, and may fail', async () => {
    const named = transportTo(server, { config: { brokers: async () => [server.address] } });
    await named.connect(FIVE_SECONDS);
    await named.close();
    const brokers = () => {
      throw new Error('registry is down');
    };
    const failure = await failing(server, { config: { brokers } });
    expect(failure).toMatchObject({ kind: 'connect' });
    expect(failure.message).toMatch(/registry is down.*`brokers`/);
  });
});
