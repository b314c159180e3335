/** What a user says about the cluster and the way in, and how it is checked. */
import type { ConnectionOptions } from 'node:tls';
import { type CompressionCodec, ErrorCode, KohortError } from '@kohort/core/spi';
import { type BootstrapServer, parseBootstrapServer } from './bootstrap-server.ts';

/** SASL with a name and a password (RFC 4616; RFC 5802 and 7677 for SCRAM). */
export interface PasswordSasl {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  /** A function is asked again for every connection, so that a rotated password is picked up. */
  readonly password: string | (() => string | Promise<string>);
}

/** A bearer token, and SASL extensions that some brokers want beside it (KIP-342). */
export interface OauthBearerToken {
  readonly value: string;
  readonly extensions?: Readonly<Record<string, string>>;
}

/** SASL with a token that somebody else gives out (KIP-255, RFC 7628). */
export interface OauthBearer {
  readonly mechanism: 'oauthbearer';
  /** Asked for every connection; caching is the provider's business. `signal` aborts when nobody waits any more. */
  readonly token: (call: { readonly signal: AbortSignal }) => OauthBearerToken | Promise<OauthBearerToken>;
}

export type TcpSasl = PasswordSasl | OauthBearer;

export interface TcpTransportOptions {
  /** Bootstrap servers: `host:port`, IPv6 as `[::1]:9092`. The rest of the cluster is learned from them. */
  readonly brokers: readonly string[];
  /** `true`, or options of Node's `tls.connect`: `ca`, `cert`, `key`, `servername`, ... */
  readonly tls?: boolean | ConnectionOptions;
  readonly sasl?: TcpSasl;
  /** Milliseconds until one server must be ready for requests: TCP, TLS, versions and SASL together. Default 10,000. */
  readonly connectTimeout?: number;
  /** Bytes of the largest answer that is accepted. Default 104,857,600, the broker's own limit for requests. */
  readonly maxFrameSize?: number;
  /** Codecs to use in place of the built-in gzip, snappy, lz4 and zstd. */
  readonly codecs?: readonly CompressionCodec[];
  /** Whether the CRC of each record batch is checked. Default true. */
  readonly checkCrcs?: boolean;
  /**
   * Bytes that the records of one batch may take after decompression. Default 268,435,456 (256 MiB). A larger batch is not
   * read: its partition waits, and `partition.error` says why.
   */
  readonly maxDecompressedBytes?: number;
}

/** The options with all that the connections need. */
export interface TcpSettings {
  readonly servers: readonly BootstrapServer[];
  readonly tls: ConnectionOptions | undefined;
  readonly sasl: TcpSasl | undefined;
  readonly connectTimeoutMs: number;
  readonly maxFrameSize: number | undefined;
}

const OPTIONS: ReadonlySet<string> = new Set([
  'brokers',
  'tls',
  'sasl',
  'connectTimeout',
  'maxFrameSize',
  'codecs',
  'checkCrcs',
  'maxDecompressedBytes',
] satisfies (keyof TcpTransportOptions)[]);

const CONNECT_TIMEOUT_MS = 10_000;
/** What Node's timers can hold. */
const LONGEST_MS = 2 ** 31 - 1;
/** Below this not even the list of versions of a broker fits. */
const SMALLEST_FRAME = 65_536;

/** @throws KohortError `KOHORT_CONFIG` that names the option, what was given, and what is accepted */
export function readOptions(options: TcpTransportOptions): TcpSettings {
  if (typeof options !== 'object' || options === null) throw wrong('', 'expected an object', options);
  const unknown = Object.keys(options).find((name) => !OPTIONS.has(name));
  if (unknown !== undefined)
    throw new KohortError(
      ErrorCode.config,
      `tcpTransport: unknown option \`${unknown}\`; there are ${[...OPTIONS].join(', ')}.`,
    );
  const { brokers, tls, sasl, connectTimeout, maxFrameSize } = options;
  if (!Array.isArray(brokers) || brokers.length === 0)
    throw wrong('brokers', "expected a list of 'host:port' with at least one entry", brokers);
  return {
    servers: brokers.map((broker) => {
      const server = parseBootstrapServer(broker);
      if (server === undefined) throw wrong('brokers', "expected 'host:port', or '[IPv6]:port'", broker);
      return server;
    }),
    tls: readTls(tls),
    sasl: sasl === undefined ? undefined : readSasl(sasl),
    connectTimeoutMs: whole('connectTimeout', connectTimeout, 1, LONGEST_MS) ?? CONNECT_TIMEOUT_MS,
    maxFrameSize: whole('maxFrameSize', maxFrameSize, SMALLEST_FRAME, LONGEST_MS),
  };
}

function readTls(tls: TcpTransportOptions['tls']): ConnectionOptions | undefined {
  if (tls === undefined || tls === false) return undefined;
  if (tls === true) return {};
  if (typeof tls === 'object' && tls !== null) return tls;
  throw wrong('tls', 'expected true, false, or options of tls.connect', tls);
}

function readSasl(sasl: TcpSasl): TcpSasl {
  if (typeof sasl !== 'object' || sasl === null) throw wrong('sasl', 'expected an object', sasl);
  switch (sasl.mechanism) {
    case 'plain':
    case 'scram-sha-256':
    case 'scram-sha-512':
      if (typeof sasl.username !== 'string' || sasl.username === '')
        throw wrong('sasl.username', 'expected a name', sasl.username);
      if (typeof sasl.password !== 'string' && typeof sasl.password !== 'function')
        throw secret('sasl.password', 'a string, or a function that returns one', sasl.password);
      return sasl;
    case 'oauthbearer':
      if (typeof sasl.token !== 'function')
        throw secret('sasl.token', 'a function that returns { value }', sasl.token);
      return sasl;
    default:
      throw wrong(
        'sasl.mechanism',
        "expected 'plain', 'scram-sha-256', 'scram-sha-512' or 'oauthbearer'",
        Reflect.get(sasl, 'mechanism'),
      );
  }
}

function whole(name: string, value: unknown, min: number, max: number): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw wrong(name, `expected a whole number from ${min} to ${max}`, value);
}

function wrong(name: string, expected: string, given: unknown): KohortError {
  const what = typeof given === 'string' ? JSON.stringify(given) : String(given);
  const option = name === '' ? '' : `\`${name}\`: `;
  return new KohortError(ErrorCode.config, `tcpTransport: ${option}${expected}, got ${what}.`);
}

/** Says the type only: whatever was given may be the secret itself. */
function secret(name: string, expected: string, given: unknown): KohortError {
  const message = `tcpTransport: \`${name}\`: expected ${expected}, got ${given === null ? 'null' : typeof given}.`;
  return new KohortError(ErrorCode.config, message);
}
