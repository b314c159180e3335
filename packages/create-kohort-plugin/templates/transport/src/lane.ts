/** One connection: requests out, answers back in the same order, and one end for all that is in flight. */
import type { Socket } from 'node:net';
import { type BrokerAddress, ByteReader, ProtocolError, TransportError } from '@kohort/core/spi';
import {
  type Frame,
  FrameSplitter,
  frameOf,
  hasFlexibleResponseHeader,
  readResponseHeader,
  type VersionRange,
  type WireLane,
  writeRequestHeader,
} from '@kohort/protocol';

interface Waiting {
  readonly frame: Frame;
  readonly correlationId: number;
  readonly resolve: (body: Uint8Array) => void;
  readonly reject: (error: TransportError) => void;
}

export class Lane implements WireLane {
  readonly broker: BrokerAddress;
  readonly closed: Promise<Error>;
  apiVersions: ReadonlyMap<number, VersionRange> = new Map();
  readonly #socket: Socket;
  readonly #clientId: string;
  readonly #splitter = new FrameSplitter();
  #waiting: Waiting[] = [];
  #nextId = 0;
  #ended: Error | undefined;
  #end: (reason: Error) => void = () => undefined;

  constructor(broker: BrokerAddress, socket: Socket, clientId: string) {
    this.broker = broker;
    this.#socket = socket;
    this.#clientId = clientId;
    this.closed = new Promise((resolve) => {
      this.#end = resolve;
    });
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy(new Error('the broker closed the connection')));
  }

  send(frame: Frame): Promise<Uint8Array> {
    if (this.#ended !== undefined) return Promise.reject(this.#failure(this.#ended, 'no'));
    return new Promise((resolve, reject) => {
      const correlationId = this.#nextId;
      this.#nextId = (this.#nextId + 1) % 2 ** 31;
      this.#waiting.push({ frame, correlationId, resolve, reject });
      const { apiKey, apiVersion, flexible, body } = frame;
      const header = { apiKey, apiVersion, correlationId, clientId: this.#clientId };
      this.#socket.write(
        frameOf((writer) => {
          writeRequestHeader(writer, header, flexible);
          writer.raw(body);
        }),
      );
    });
  }

  destroy(reason: Error): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    this.#socket.destroy();
    for (const { reject } of this.#waiting) reject(this.#failure(reason, 'maybe'));
    this.#waiting = [];
    this.#end(reason);
  }

  #read(chunk: Buffer): void {
    if (this.#ended !== undefined) return;
    try {
      for (const frame of this.#splitter.push(chunk)) this.#answer(frame);
    } catch (cause) {
      if (!(cause instanceof ProtocolError)) throw cause;
      const { broker } = this;
      const message = `${broker.host}:${broker.port} does not answer like a Kafka broker: ${cause.message}`;
      this.destroy(new TransportError(message, { kind: 'decode', sent: 'maybe', broker, cause }));
    }
  }

  #answer(bytes: Uint8Array): void {
    const waiting = this.#waiting[0];
    if (waiting === undefined) throw new ProtocolError('an answer that nobody asked for');
    const { apiKey, apiVersion, flexible } = waiting.frame;
    const reader = new ByteReader(bytes);
    const isFlexible = flexible && hasFlexibleResponseHeader(apiKey, apiVersion);
    const correlationId = readResponseHeader(reader, isFlexible);
    if (correlationId !== waiting.correlationId) throw new ProtocolError('an answer to something else');
    this.#waiting.shift();
    waiting.resolve(bytes.subarray(reader.offset));
  }

  #failure(reason: Error, sent: 'no' | 'maybe'): TransportError {
    if (reason instanceof TransportError && sent === 'maybe') return reason;
    const { broker } = this;
    const message = `The connection to ${broker.host}:${broker.port} has ended: ${reason.message}`;
    return new TransportError(message, { kind: 'laneClosed', sent, broker, cause: reason });
  }
}
