/** One open kafkajs connection as a lane: frames out, bodies back, and one end for everything that is in flight. */
import type { Socket } from 'node:net';
import {
  type BrokerAddress,
  ByteReader,
  type CallOptions,
  type Lane,
  TransportError,
} from '@kohort/core/spi';
import { type Frame, hasFlexibleResponseHeader, type WireLane } from '@kohort/protocol';
import type { Connection } from './kafkajs-internals.ts';

export interface KafkajsLaneOptions {
  readonly connection: Connection;
  readonly socket: Socket;
  readonly broker: BrokerAddress;
  readonly lane: Lane;
  readonly apiVersions: WireLane['apiVersions'];
  readonly sessionExpiresAt: number | undefined;
}

type Fail = (error: TransportError) => void;

export class KafkajsLane implements WireLane {
  readonly broker: BrokerAddress;
  readonly apiVersions: WireLane['apiVersions'];
  readonly sessionExpiresAt?: number;
  readonly closed: Promise<Error>;
  readonly #connection: Connection;
  readonly #socket: Socket;
  readonly #lane: Lane;
  readonly #inFlight = new Set<Fail>();
  #resolveClosed: (reason: Error) => void = () => undefined;
  #ended: Error | undefined;
  #answers = 0;

  constructor(options: KafkajsLaneOptions) {
    this.broker = options.broker;
    this.apiVersions = options.apiVersions;
    if (options.sessionExpiresAt !== undefined) this.sessionExpiresAt = options.sessionExpiresAt;
    this.#connection = options.connection;
    this.#socket = options.socket;
    this.#lane = options.lane;
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
  }

  /** kafkajs forgets a request that is being written when its connection goes: so each is kept here too. */
  send(frame: Frame, call: CallOptions): Promise<Uint8Array> {
    if (this.#ended !== undefined) return Promise.reject(this.#failure(this.#ended, 'no'));
    return new Promise((resolve, reject) => {
      const fail: Fail = (error) => {
        if (this.#inFlight.delete(fail)) reject(error);
      };
      this.#inFlight.add(fail);
      this.#exchange(frame, call).then(
        ({ payload }) => {
          this.#answers += 1;
          const body = this.#bodyOf(frame, payload);
          if (body !== undefined && this.#inFlight.delete(fail)) resolve(body);
        },
        (error: unknown) => this.peerClosed(error),
      );
    });
  }

  destroy(reason: Error): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    for (const fail of [...this.#inFlight]) fail(this.#failure(reason, 'maybe'));
    tearDown(this.#connection, this.#socket, reason);
    this.#resolveClosed(reason);
  }

  /** The connection has ended by itself: then, and only then, kafkajs lets requests fail. */
  peerClosed(error: unknown): void {
    const isQuiet = error === undefined || nameOf(error) === 'KafkaJSConnectionClosedError';
    const how = isQuiet ? 'the broker closed the connection' : asError(error).message;
    // A listener that wants SASL lets a client ask for versions, and closes at the first other request.
    const hint =
      this.#answers > 0 || this.#connection.sasl ? '' : '; if this listener wants SASL, set `sasl`';
    this.destroy(new Error(`${how}${hint}`, { cause: error }));
  }

  /** Undefined when the response header makes no sense, which ends the lane. */
  #bodyOf({ apiKey, apiName, apiVersion, flexible }: Frame, payload: Buffer): Uint8Array | undefined {
    // Not a Buffer any more: its `slice` does not copy, and its `subarray` is slower.
    const bytes = new Uint8Array(payload.buffer, payload.byteOffset, payload.length);
    if (!flexible || !hasFlexibleResponseHeader(apiKey, apiVersion)) return bytes;
    const reader = new ByteReader(bytes);
    try {
      reader.taggedFields();
    } catch (cause) {
      const { broker } = this;
      const message = `The header of an answer to ${apiName} is malformed`;
      this.destroy(
        new TransportError(message, { kind: 'decode', sent: 'maybe', broker, lane: this.#lane, cause }),
      );
      return undefined;
    }
    return bytes.subarray(reader.offset);
  }

  #exchange(frame: Frame, call: CallOptions): Promise<{ readonly payload: Buffer }> {
    const { apiKey, apiName, apiVersion } = frame;
    const buffer = withHeaderTags(frame);
    return this.#connection.send({
      request: { apiKey, apiName, apiVersion, encode: async () => ({ buf: buffer, buffer }) },
      response: {
        decode: async (payload) => ({ payload, clientSideThrottleTime: 0 }),
        parse: async (decoded) => decoded,
      },
      requestTimeout: call.timeoutMs,
      logResponseError: false,
    });
  }

  #failure(error: Error, sent: 'no' | 'maybe'): TransportError {
    if (error instanceof TransportError) return error;
    const { host, port } = this.broker;
    const message = `The ${this.#lane} connection to ${host}:${port} has ended: ${error.message}`;
    return new TransportError(message, {
      kind: 'laneClosed',
      sent,
      broker: this.broker,
      lane: this.#lane,
      cause: error,
    });
  }
}

/** Ends a kafkajs connection at once; its own `disconnect` would wait for every answer. */
export function tearDown(connection: Connection, socket: Socket | undefined, reason: Error): void {
  connection.requestQueue.rejectAll(reason);
  // Nothing is in flight any more, so this only stops its timers; an error of an ended socket says nothing new.
  connection.disconnect().catch(() => undefined);
  // With a reason, because kafkajs stops the timer of a connection under way only when it hears of an error.
  socket?.destroy(reason);
}

/** kafkajs writes request header version 1; version 2 differs by a section of tagged fields behind it (KIP-482). */
function withHeaderTags({ flexible, body }: Frame): Buffer {
  if (!flexible) return Buffer.from(body.buffer, body.byteOffset, body.length);
  const buffer = Buffer.allocUnsafe(body.length + 1);
  buffer[0] = 0;
  buffer.set(body, 1);
  return buffer;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}
