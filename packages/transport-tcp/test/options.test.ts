// Options that cannot work are refused when the transport is made, by one message.
import { describe, expect, it } from 'vitest';
import { parseBootstrapServer } from '../src/bootstrap-server.ts';
import { type TcpTransportOptions, tcpTransport } from '../src/index.ts';

const brokers = ['localhost:9092'];

describe('addresses', () => {
  it.each([
    ['localhost:9092', 'localhost', 9092],
    ['10.0.0.1:1', '10.0.0.1', 1],
    ['[::1]:9092', '::1', 9092],
    ['[fe80::1%eth0]:65535', 'fe80::1%eth0', 65_535],
    ['b-1.msk.example_2.com:9098', 'b-1.msk.example_2.com', 9098],
  ])('%s', (text, host, port) => {
    expect(parseBootstrapServer(text)).toEqual({ host, port });
  });

  it.each([
    'localhost',
    'localhost:',
    ':9092',
    'localhost:0',
    'localhost:65536',
    '::1:9092',
    'http://a:1',
    'a b:1',
    '[::1]',
    '',
    7,
    null,
  ])('not %s', (text) => {
    expect(parseBootstrapServer(text)).toBeUndefined();
  });
});

describe('options', () => {
  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /expected an object, got undefined/],
    ['no brokers', {}, /`brokers`: expected a list/],
    ['an empty list', { brokers: [] }, /`brokers`: expected a list .* at least one/],
    ['not an address', { brokers: ['localhost'] }, /`brokers`: expected 'host:port'.*got "localhost"/],
    ['a misspelt option', { brokers, ssl: true }, /unknown option `ssl`; there are brokers, tls, sasl/],
    ['tls', { brokers, tls: 'yes' }, /`tls`: expected true, false, or options of tls\.connect, got "yes"/],
    [
      'a mechanism',
      { brokers, sasl: { mechanism: 'gssapi' } },
      /`sasl\.mechanism`: expected 'plain'.*got "gssapi"/,
    ],
    ['no name', { brokers, sasl: { mechanism: 'plain', password: 'x' } }, /`sasl\.username`/],
    ['no token', { brokers, sasl: { mechanism: 'oauthbearer' } }, /`sasl\.token`: expected a function/],
    ['connectTimeout', { brokers, connectTimeout: 0 }, /`connectTimeout`: expected a whole number from 1/],
    ['maxFrameSize', { brokers, maxFrameSize: 10 }, /`maxFrameSize`: expected a whole number from 65536/],
    [
      'maxDecompressedBytes',
      { brokers, maxDecompressedBytes: '1MB' },
      /`maxDecompressedBytes`: expected a whole number from 1 to 2147483647, got "1MB"/,
    ],
  ])('%s', (_name, options, message) => {
    expect(() => tcpTransport(options as TcpTransportOptions)).toThrow(
      expect.objectContaining({ code: 'KOHORT_CONFIG', message: expect.stringMatching(message) }),
    );
  });

  it('a wrong password is not repeated', () => {
    const sasl = { mechanism: 'plain', username: 'u', password: 4711_0815 };
    expect(() => tcpTransport({ brokers, sasl } as unknown as TcpTransportOptions)).toThrow(/got number/);
    expect(() => tcpTransport({ brokers, sasl } as unknown as TcpTransportOptions)).not.toThrow(/4711/);
  });
});
