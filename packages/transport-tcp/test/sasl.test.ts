// SASL: what is sent, what is accepted, and that no secret gets into a message.
import { createHmac, pbkdf2Sync } from 'node:crypto';
import { apis } from '@kohort/protocol';
import { HANG_UP, ScriptedServer, SILENCE } from '@kohort/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TcpSasl } from '../src/index.ts';
import { scram } from '../src/sasl/scram.ts';
import { FIVE_SECONDS, failing, HEARTBEAT, transportTo, until } from './support/setup.ts';

const SECRET = 'pencil-of-alice';
const alice = { mechanism: 'plain', username: 'alice', password: SECRET } as const;

let server: ScriptedServer;
beforeEach(async () => {
  server = await ScriptedServer.start();
  server.on(apis.saslHandshake, () => ({ errorCode: 0, mechanisms: ['PLAIN'] }));
});
afterEach(() => server.stop());

/** Answers each message of the client; a string becomes a refusal. */
function answering(answers: (message: string, round: number) => string | { readonly refuse: string }) {
  const messages: string[] = [];
  server.on(apis.saslAuthenticate, ({ authBytes }) => {
    const message = Buffer.from(authBytes).toString('utf8');
    const answer = answers(message, messages.push(message) - 1);
    return typeof answer === 'string'
      ? { errorCode: 0, errorMessage: null, authBytes: Buffer.from(answer), sessionLifetimeMs: 0n }
      : { errorCode: 58, errorMessage: answer.refuse, authBytes: new Uint8Array() };
  });
  return messages;
}

async function comesIn(sasl: TcpSasl): Promise<void> {
  const transport = transportTo([server.address], { sasl });
  expect(await transport.connect(FIVE_SECONDS)).toMatchObject({ clusterId: 'scripted' });
  await transport.close();
}

async function refused(sasl: TcpSasl) {
  const failure = await failing([server.address], { sasl });
  expect(failure.kind).toBe('auth');
  expect(`${failure.message} ${failure.stack} ${JSON.stringify(failure)}`).not.toContain(SECRET);
  return failure.message;
}

describe('PLAIN', () => {
  it('sends name and password, before anything else', async () => {
    const messages = answering(() => '');
    await comesIn(alice);
    expect(messages).toEqual([`\0alice\0${SECRET}`]);
    expect(server.seen.map(({ apiKey }) => apiKey)).toEqual([18, 17, 36, 3]);
  });

  it('asks for the password anew for each connection', async () => {
    const messages = answering(() => '');
    let n = 0;
    const transport = transportTo([server.address], {
      sasl: { ...alice, password: async () => `p${++n}` },
    });
    await transport.connect(FIVE_SECONDS);
    await transport.heartbeat({ nodeId: 1, host: '127.0.0.1', port: server.port }, HEARTBEAT, FIVE_SECONDS);
    await transport.close();
    expect(messages).toEqual(['\0alice\0p1', '\0alice\0p2']);
  });

  it('bad credentials', async () => {
    answering(() => ({ refuse: 'Invalid username or password' }));
    expect(await refused(alice)).toMatch(/Invalid username or password.*`sasl\.username`/);
  });

  it('bad credentials, when the broker hangs up right behind its answer', async () => {
    server.on(apis.saslAuthenticate, () => {
      setImmediate(() => setImmediate(() => server.hangUp()));
      return { errorCode: 58, errorMessage: 'Invalid username or password', authBytes: new Uint8Array() };
    });
    await refused(alice);
  });

  it('a password function that throws, or gives no string', async () => {
    answering(() => '');
    const fails = () => {
      throw new Error('the vault is sealed');
    };
    expect(await refused({ ...alice, password: fails })).toContain('the vault is sealed');
    expect(await refused({ ...alice, password: (() => undefined) as never })).toContain('returned undefined');
  });

  it('a NUL in it', async () => {
    expect(await refused({ ...alice, username: 'al\0ice' })).toContain('NUL');
  });
});

describe('the way in', () => {
  it('a mechanism that the broker does not have: named, with those that it has', async () => {
    server.on(apis.saslHandshake, () => ({ errorCode: 33, mechanisms: ['SCRAM-SHA-512', 'GSSAPI'] }));
    expect(await refused(alice)).toMatch(/does not have PLAIN.*`sasl\.mechanism`.*SCRAM-SHA-512, GSSAPI/);
  });

  it('a listener without SASL', async () => {
    server.on(apis.saslHandshake, () => ({ errorCode: 34, mechanisms: [] }));
    expect(await refused(alice)).toMatch(/does not use SASL\. Remove `sasl`/);
  });

  it('a broker that hangs up meanwhile', async () => {
    server.on(apis.saslHandshake, () => HANG_UP);
    const failure = await failing([server.address], { sasl: alice });
    expect(failure).toMatchObject({ kind: 'connect' });
    expect(failure.message).toContain('during SASL authentication');
  });

  it('a broker, or a provider, that never answers: both deadlines hold', async () => {
    server.on(apis.saslHandshake, () => SILENCE);
    expect(await failing([server.address], { sasl: alice }, 100)).toMatchObject({ kind: 'timeout' });
    expect(await failing([server.address], { sasl: alice, connectTimeout: 100 })).toMatchObject({
      kind: 'timeout',
      message: expect.stringContaining('SASL authentication'),
    });
    server.on(apis.saslHandshake, () => ({ errorCode: 0, mechanisms: ['PLAIN'] }));
    const never = { ...alice, password: () => new Promise<string>(() => undefined) };
    expect(await failing([server.address], { sasl: never, connectTimeout: 100 })).toMatchObject({
      kind: 'timeout',
    });
    await until(() => server.sockets.size === 0);
  });

  it('a session that ends is replaced by a fresh connection in time (KIP-368)', async () => {
    let ahead = 0;
    const clock = {
      monotonic: () => performance.now() + ahead,
      wall: () => Date.now() + ahead,
      setTimer(callback: () => void, delayMs: number) {
        const timer = setTimeout(callback, delayMs);
        return { cancel: () => clearTimeout(timer) };
      },
    };
    server.on(apis.saslAuthenticate, () => ({
      errorCode: 0,
      errorMessage: null,
      authBytes: new Uint8Array(),
      sessionLifetimeMs: 60_000n,
    }));
    const transport = transportTo([server.address], { sasl: alice }, { clock });
    const node = { nodeId: 1, host: '127.0.0.1', port: server.port };
    const beat = () => transport.heartbeat(node, HEARTBEAT, FIVE_SECONDS);
    await beat();
    ahead = 40_000;
    await beat();
    expect(server.seen.map(({ apiKey }) => apiKey)).toEqual([18, 17, 36, 12, 12]);
    ahead = 50_000;
    await beat();
    expect(server.seen.map(({ apiKey }) => apiKey).slice(5)).toEqual([18, 17, 36, 12]);
    await transport.close();
  });
});

describe('SCRAM', () => {
  it('says what RFC 7677 says', async () => {
    const user = { mechanism: 'scram-sha-256', username: 'user', password: 'pencil' } as const;
    const talk = scram(user, 'sha256', 'rOprNGfwEbeRWgbNEkqO');
    const send = async (answer: string) => {
      const { value } = await talk.next(Buffer.from(answer));
      return value && Buffer.from(value).toString();
    };
    expect(await send('')).toBe('n,,n=user,r=rOprNGfwEbeRWgbNEkqO');
    expect(
      await send('r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096'),
    ).toBe(
      'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
    );
    expect(await send('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=')).toBeUndefined();
  });

  /** The server's side, as far as a client can tell. */
  function scramServer(hash: 'sha256' | 'sha512', password: string) {
    const salt = Buffer.from('salt of the server');
    let first = '';
    let challenge = '';
    return (message: string, round: number) => {
      if (round === 0) {
        first = message.slice('n,,'.length);
        challenge = `${first.slice(first.indexOf('r='))}server,s=${salt.toString('base64')},i=4096`;
        return challenge;
      }
      const salted = pbkdf2Sync(password, salt, 4_096, hash === 'sha256' ? 32 : 64, hash);
      const signed = `${first},${challenge},${message.slice(0, message.indexOf(',p='))}`;
      const serverKey = createHmac(hash, salted).update('Server Key').digest();
      return `v=${createHmac(hash, serverKey).update(signed).digest('base64')}`;
    };
  }

  it.each(['sha256', 'sha512'] as const)('%s, with a name that has to be escaped', async (hash) => {
    const messages = answering(scramServer(hash, SECRET));
    const mechanism = hash === 'sha256' ? 'scram-sha-256' : 'scram-sha-512';
    await comesIn({ mechanism, username: 'a=b,c', password: SECRET });
    expect(messages[0]).toMatch(/^n,,n=a=3Db=2Cc,r=/);
    expect(messages.join()).not.toContain(SECRET);
  });

  it.each<[string, (message: string, round: number) => string, RegExp]>([
    ['that does not know the password', scramServer('sha256', 'another'), /did not prove/],
    [
      'that says nothing in the end',
      (m, n) => (n === 0 ? scramServer('sha256', SECRET)(m, 0) : ''),
      /did not prove/,
    ],
    ['with a nonce of its own', () => 'r=mine,s=c2FsdA==,i=4096', /nonce of somebody else/],
    ['that adds nothing to the nonce', (m) => `r=${m.slice(m.indexOf('r=') + 2)},s=c2FsdA==,i=4096`, /nonce/],
    [
      'that wants few iterations',
      (m) => `r=${m.slice(m.indexOf('r=') + 2)}x,s=c2FsdA==,i=1`,
      /1 iterations; from 4096/,
    ],
    [
      'that wants the processor',
      (m) => `r=${m.slice(m.indexOf('r=') + 2)}x,s=c2FsdA==,i=2000000000`,
      /iterations/,
    ],
    ['that talks of something else', () => 'hello', /no SCRAM challenge/],
  ])('a server %s is not believed', async (_name, answers, message) => {
    answering(answers);
    expect(await refused({ ...alice, mechanism: 'scram-sha-256' })).toMatch(message);
  });
});

describe('OAUTHBEARER', () => {
  it('sends the token and the extensions', async () => {
    const messages = answering(() => '');
    const token = async () => ({ value: 'abc.def', extensions: { logicalCluster: 'lkc-1', pool: 'p 2' } });
    await comesIn({ mechanism: 'oauthbearer', token });
    expect(messages).toEqual(['n,,\x01auth=Bearer abc.def\x01logicalCluster=lkc-1\x01pool=p 2\x01\x01']);
  });

  it('a token that the broker does not accept: what the broker says of it', async () => {
    const messages = answering((_, round) => (round === 0 ? '{"status":"invalid_token"}' : { refuse: 'no' }));
    const text = await refused({ mechanism: 'oauthbearer', token: () => ({ value: SECRET }) });
    expect(text).toMatch(/no\. Check .*`sasl\.token`|invalid_token/);
    expect(messages[1]).toBe('\x01');
  });

  it.each<[string, unknown, RegExp]>([
    ['no token', undefined, /no \{ value \}/],
    ['a token with a line break', { value: 'a\nb' }, /no \{ value \}/],
    ['an extension that would end the message', { value: 'a', extensions: { x: '\x01' } }, /extension "x"/],
    ['an extension by the name of the token', { value: 'a', extensions: { auth: 'b' } }, /extension "auth"/],
  ])('%s is not sent', async (_name, token, message) => {
    const messages = answering(() => '');
    expect(await refused({ mechanism: 'oauthbearer', token: () => token as never })).toMatch(message);
    expect(messages).toEqual([]);
  });

  it('the provider is told when nobody waits any more', async () => {
    const signals: AbortSignal[] = [];
    const token = ({ signal }: { signal: AbortSignal }) => {
      signals.push(signal);
      return new Promise<never>(() => undefined);
    };
    await failing([server.address], { sasl: { mechanism: 'oauthbearer', token }, connectTimeout: 50 });
    expect(signals[0]?.aborted).toBe(true);
  });
});
