// Every way in which a connection may not come about: the kind, and what to look at.
import { apis } from '@kohort/protocol';
import { HANG_UP, ScriptedServer } from '@kohort/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CERTIFICATE, PRIVATE_KEY } from './support/certificate.ts';
import { FIVE_SECONDS, failing, HEARTBEAT, transportTo, until } from './support/setup.ts';

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

describe('address', () => {
  it('nobody listens', async () => {
    await server.stop();
    const failure = await failing([server.address]);
    expect(failure).toMatchObject({ kind: 'connect', lane: 'control', broker: { port: server.port } });
    expect(failure.message).toMatch(
      /Cannot connect to 127\.0\.0\.1:\d+: .*ECONNREFUSED.*advertised\.listeners/,
    );
  });

  it('the name does not resolve', async () => {
    const failure = await failing(['kafka.invalid:9092']);
    expect(failure).toMatchObject({ kind: 'dns', broker: { host: 'kafka.invalid', port: 9092 } });
    expect(failure.message).toMatch(/kafka\.invalid cannot be resolved \(E.*`brokers`/);
  });

  it('no connection within connectTimeout', async () => {
    // An address of the block for documentation, to which nobody has a route (RFC 5737): refused or silent, it is bounded.
    const failure = await failing(['192.0.2.1:9092'], { connectTimeout: 50 });
    expect(failure.kind).toBe('connect');
  });

  it('one bootstrap server that is down does not matter, whichever it is', async () => {
    const down = await start();
    await down.stop();
    const transport = transportTo([down.address, server.address]);
    let ends = 0;
    transport.subscribe(({ type }) => {
      if (type === 'laneClose') ends += 1;
    });
    for (let i = 1; i <= 3; i += 1) {
      await transport.metadata([], FIVE_SECONDS);
      server.hangUp();
      await until(() => ends === i);
    }
    await transport.close();
  });

  it('all bootstrap servers down: each says why', async () => {
    const other = await start();
    await Promise.all([server.stop(), other.stop()]);
    const failure = await failing([server.address, other.address]);
    expect(failure.kind).toBe('connect');
    expect(failure.message).toMatch(/None of the 2 bootstrap servers/);
    for (const { address } of [server, other]) expect(failure.message).toContain(address);
  });

  it('an IPv6 address', async () => {
    const failure = await failing(['[::1]:1']);
    expect(failure).toMatchObject({ kind: 'connect', broker: { host: '::1', port: 1 } });
    expect(failure.message).toContain('[::1]:1');
  });

  it('a name with several addresses is tried address by address', async () => {
    const lookup = (
      _name: string,
      _options: unknown,
      callback: (error: null, addresses: { address: string; family: number }[]) => void,
    ) =>
      callback(null, [
        { address: '127.0.0.2', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ]);
    const secure = await start('tls');
    // Nobody listens on the first address; `tls` is where options of the socket can be given.
    const transport = transportTo([`kafka.example:${secure.port}`], {
      tls: { ca: [CERTIFICATE], servername: 'localhost', lookup: lookup as never },
    });
    expect(await transport.connect(FIVE_SECONDS)).toMatchObject({ clusterId: 'scripted' });
    await transport.close();
  });
});

describe('not a broker', () => {
  it.each<[string, number[]]>([
    ['a negative size', [0xff, 0xff, 0xff, 0xf0, 1, 2, 3]],
    ['a frame too short for a header', [0, 0, 0, 1, 7]],
    ['an answer to another question', [0, 0, 0, 6, 0, 0, 0, 9, 0, 0]],
    ['an answer that is cut off', [0, 0, 0, 6, 0, 0, 0, 0, 0, 0]],
  ])('answers with garbage: %s', async (_name, bytes) => {
    server.onConnection((socket) => socket.on('data', () => socket.write(Uint8Array.from(bytes))));
    const failure = await failing([server.address]);
    expect(failure.kind).toBe('decode');
    expect(failure.message).toMatch(/does not answer like a Kafka broker.*Check host and port/);
  });

  it('greets first, as SSH does', async () => {
    server.onConnection((socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n'));
    const failure = await failing([server.address]);
    expect(failure.kind).toBe('decode');
    expect(failure.message).toContain('SSH');
  });

  it('takes the connection and says nothing', async () => {
    server.onConnection((socket) => socket.resume());
    const failure = await failing([server.address], { connectTimeout: 100 });
    expect(failure).toMatchObject({ kind: 'timeout', retriable: true });
    expect(failure.message).toMatch(/did not answer within 100 ms.*`tls: true`/);
  });

  it('hangs up at the first request', async () => {
    server.onConnection((socket) => socket.on('data', () => socket.destroy()));
    const failure = await failing([server.address]);
    expect(failure.kind).toBe('connect');
    expect(failure.message).toMatch(/closed the connection instead of answering.*`tls: true`/);
  });

  it('has no version in common with anybody', async () => {
    server.on(apis.apiVersions, () => ({ errorCode: 35, apiKeys: [] }));
    const failure = await failing([server.address]);
    expect(failure.kind).toBe('unsupportedVersion');
    expect(failure.message).toMatch(/error code 35.*Kafka 2\.4 or newer/);
    // The newest version, and then the one that every broker has.
    expect(server.seen.map(({ apiVersion }) => apiVersion)).toEqual([apis.apiVersions.versions.max, 0]);
  });

  it('sends an answer that is larger than maxFrameSize', async () => {
    server.on(apis.metadata, () => ({ clusterId: 'x'.repeat(30_000), brokers: [], topics: largeTopics() }));
    const transport = transportTo([server.address], { maxFrameSize: 65_536 });
    await expect(transport.connect(FIVE_SECONDS)).rejects.toMatchObject({
      kind: 'decode',
      message: expect.stringMatching(/at most 65536 are accepted/),
    });
    await transport.close();
  });
});

function largeTopics() {
  return Array.from({ length: 2_000 }, (_, i) => ({
    errorCode: 0,
    name: `topic-${'x'.repeat(40)}-${i}`,
    partitions: [],
  }));
}

describe('TLS', () => {
  it('works with a certificate that is trusted', async () => {
    const secure = await start('tls');
    const transport = transportTo([secure.address], { tls: { ca: [CERTIFICATE] } });
    expect(await transport.connect(FIVE_SECONDS)).toMatchObject({ clusterId: 'scripted' });
    await transport.close();
  });

  it('a TLS port spoken to in plain text, which hangs up', async () => {
    const failure = await failing([(await start('tls')).address]);
    expect(['connect', 'tls']).toContain(failure.kind);
    expect(failure.message).toContain('`tls: true`');
  });

  it('a TLS port spoken to in plain text, which answers with an alert', async () => {
    server.onConnection((socket) =>
      socket.on('data', () => socket.end(Buffer.from([0x15, 3, 3, 0, 2, 2, 10]))),
    );
    const failure = await failing([server.address]);
    expect(failure.kind).toBe('tls');
    expect(failure.message).toMatch(/speaks TLS.*Set `tls: true`/);
  });

  it('a plain port spoken to in TLS', async () => {
    const failure = await failing([server.address], { tls: true });
    expect(failure.kind).toBe('tls');
    expect(failure.message).toMatch(/plain text: remove `tls`/);
  });

  it('a port that never answers a handshake', async () => {
    server.onConnection((socket) => socket.resume());
    const failure = await failing([server.address], { tls: true, connectTimeout: 100 });
    expect(failure.kind).toBe('tls');
    expect(failure.message).toMatch(/handshake within 100 ms/);
  });

  it('a certificate that nobody trusts', async () => {
    const failure = await failing([(await start('tls')).address], { tls: true });
    expect(failure).toMatchObject({ kind: 'tls', retriable: false });
    expect(failure.message).toMatch(/self-signed certificate.*`tls\.ca`/);
  });

  it('a certificate for another name', async () => {
    const tls = { ca: [CERTIFICATE], servername: 'kafka.example' };
    const failure = await failing([(await start('tls')).address], { tls });
    expect(failure.kind).toBe('tls');
    expect(failure.message).toMatch(/ERR_TLS_CERT_ALTNAME_INVALID.*`tls\.servername`/);
  });
});

describe('a listener that wants SASL', () => {
  it('closes at the first request, and the message says so', async () => {
    server.on(apis.heartbeat, () => HANG_UP);
    const transport = transportTo([server.address]);
    const node = { nodeId: 1, host: '127.0.0.1', port: server.port };
    await expect(transport.heartbeat(node, HEARTBEAT, FIVE_SECONDS)).rejects.toMatchObject({
      kind: 'laneClosed',
      sent: 'maybe',
      message: expect.stringContaining('set `sasl`'),
    });
    await transport.close();
  });
});

describe('the first request of a connection', () => {
  it('says the name and version of this software (KIP-511)', async () => {
    const transport = transportTo([server.address]);
    await transport.connect(FIVE_SECONDS);
    expect(server.seen[0]).toMatchObject({
      apiKey: 18,
      request: {
        clientSoftwareName: 'kohort',
        clientSoftwareVersion: expect.stringMatching(/^\d+\.\d+\.\d+/),
      },
    });
    await transport.close();
  });
});
