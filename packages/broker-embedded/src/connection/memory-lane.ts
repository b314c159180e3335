/**
 * The client's end of an in-memory connection: real frames with correlation ids, answered by the same broker code as
 * TCP. Every delivery is a timer of the broker's clock.
 */
import {
  type BrokerAddress,
  ByteReader,
  type CallOptions,
  type Clock,
  ProtocolError,
  type Timer,
  TransportError,
} from '@kohort/core/spi';
import {
  type Frame,
  FrameSplitter,
  frameOf,
  readResponseHeader,
  type VersionRange,
  type WireLane,
  writeRequestHeader,
} from '@kohort/protocol';
import type { Peer, ServerConnection } from './server-connection.ts';

interface Waiting {
  readonly frame: Frame;
  readonly resolve: (body: Uint8Array) => void;
  readonly reject: (error: TransportError) => void;
}

export class MemoryLane implements WireLane, Peer {
  readonly broker: BrokerAddress;
  readonly closed: Promise<Error>;
  /** Filled when the lane is opened. */
  readonly apiVersions = new Map<number, VersionRange>();
  readonly #clock: Clock;
  readonly #clientId: string;
  readonly #splitter = new FrameSplitter();
  readonly #waiting = new Map<number, Waiting>();
  #connection: ServerConnection | null = null;
  #correlationId = 0;
  #ended: Error | null = null;
  #settleClosed: (reason: Error) => void = () => undefined;

  constructor(broker: BrokerAddress, clientId: string, clock: Clock) {
    this.broker = broker;
    this.#clientId = clientId;
    this.#clock = clock;
    this.closed = new Promise((resolve) => {
      this.#settleClosed = resolve;
    });
  }

  /** Gives the lane the broker's end. */
  attach(connection: ServerConnection): void {
    this.#connection = connection;
  }

  send(frame: Frame, call: CallOptions): Promise<Uint8Array> {
    const { signal } = call;
    if (this.#ended !== null) return Promise.reject(this.#failure('laneClosed', 'no', frame, this.#ended));
    if (signal?.aborted === true) {
      return Promise.reject(this.#failure('aborted', 'no', frame, signal.reason));
    }
    const correlationId = this.#correlationId++;
    return new Promise((resolve, reject) => {
      // An answer that comes after the deadline or the abort is discarded.
      const give = (kind: 'timeout' | 'aborted', cause?: unknown) => {
        this.#waiting.delete(correlationId);
        settle();
        reject(this.#failure(kind, 'maybe', frame, cause));
      };
      const onAbort = () => give('aborted', signal?.reason);
      const timer: Timer = this.#clock.setTimer(() => give('timeout'), call.timeoutMs);
      const settle = () => {
        timer.cancel();
        signal?.removeEventListener('abort', onAbort);
      };
      signal?.addEventListener('abort', onAbort);
      this.#waiting.set(correlationId, {
        frame,
        resolve: (body) => {
          settle();
          resolve(body);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      });
      this.#connection?.receive(this.#requestFrame(frame, correlationId));
    });
  }

  #requestFrame(frame: Frame, correlationId: number): Uint8Array {
    const { apiKey, apiVersion, flexible, body } = frame;
    const clientId = this.#clientId;
    return frameOf((writer) => {
      writeRequestHeader(writer, { apiKey, apiVersion, correlationId, clientId }, flexible);
      writer.raw(body);
    });
  }

  /** Bytes from the broker. */
  receive(bytes: Uint8Array): void {
    try {
      for (const frame of this.#splitter.push(bytes)) this.#answered(frame);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.destroy(error);
    }
  }

  #answered(frame: Uint8Array): void {
    const correlationId = new ByteReader(frame).int32();
    const waiting = this.#waiting.get(correlationId);
    if (waiting === undefined) return;
    const reader = new ByteReader(frame);
    // ApiVersions is answered with the plain header in all versions (KIP-511).
    readResponseHeader(reader, waiting.frame.flexible && waiting.frame.apiKey !== API_VERSIONS);
    this.#waiting.delete(correlationId);
    waiting.resolve(frame.subarray(reader.offset));
  }

  /** The broker has closed the connection. */
  ended(): void {
    this.#end(new Error('the broker has closed the connection'));
  }

  destroy(reason: Error): void {
    if (this.#ended !== null) return;
    this.#connection?.disconnected();
    this.#end(reason);
  }

  #end(reason: Error): void {
    if (this.#ended !== null) return;
    this.#ended = reason;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { frame, reject } of waiting) reject(this.#failure('laneClosed', 'maybe', frame, reason));
    this.#settleClosed(reason);
  }

  #failure(
    kind: 'laneClosed' | 'timeout' | 'aborted',
    sent: 'no' | 'maybe',
    { apiName, apiVersion }: Frame,
    cause: unknown,
  ): TransportError {
    const what = {
      laneClosed: 'the connection was closed',
      timeout: 'no answer in time',
      aborted: 'aborted',
    }[kind];
    return new TransportError(`${apiName} to ${this.broker.host}: ${what}`, {
      kind,
      sent,
      broker: this.broker,
      api: apiName,
      apiVersion,
      cause,
    });
  }
}

const API_VERSIONS = 18;
