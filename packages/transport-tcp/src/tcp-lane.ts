/** One open connection: request frames out, response bodies back in the same order, and one end for all that is in flight. */
import type { Socket } from 'node:net';
import {
  type BrokerAddress,
  ByteReader,
  ByteWriter,
  type Lane,
  ProtocolError,
  TransportError,
} from '@kohort/core/spi';
import {
  type Frame,
  FrameSplitter,
  hasFlexibleResponseHeader,
  readResponseHeader,
  type WireLane,
  writeRequestHeader,
} from '@kohort/protocol';
import { nameOf } from './bootstrap-server.ts';

export interface TcpLaneOptions {
  readonly socket: Socket;
  readonly broker: BrokerAddress;
  readonly lane: Lane;
  readonly clientId: string;
  readonly usesSasl: boolean;
  readonly maxFrameSize: number | undefined;
}

interface InFlight {
  readonly frame: Frame;
  readonly correlationId: number;
  readonly resolve: (body: Uint8Array) => void;
  readonly reject: (error: TransportError) => void;
}

const SIZE_BYTES = 4;
/** Correlation ids are int32 and start over before they run out. */
const CORRELATION_IDS = 2 ** 31;

export class TcpLane implements WireLane {
  readonly broker: BrokerAddress;
  apiVersions: WireLane['apiVersions'] = new Map();
  sessionExpiresAt?: number;
  readonly closed: Promise<Error>;
  readonly #socket: Socket;
  readonly #options: TcpLaneOptions;
  readonly #splitter: FrameSplitter;
  #inFlight: InFlight[] = [];
  #nextId = 0;
  #resolveClosed: (reason: Error) => void = () => undefined;
  #ended: Error | undefined;
  #socketError: Error | undefined;
  #isOpen = false;
  #answersWhileOpen = 0;

  constructor(options: TcpLaneOptions) {
    const { socket, broker, maxFrameSize } = options;
    this.#options = options;
    this.#socket = socket;
    this.broker = broker;
    this.#splitter = new FrameSplitter(maxFrameSize === undefined ? {} : { maxFrameSize });
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('error', (error) => {
      this.#socketError = error;
    });
    socket.once('end', () => this.#peerClosed());
    socket.once('close', () => this.#peerClosed());
  }

  /** The broker has let this client in; from here on requests are the group's. */
  opened(details: Pick<WireLane, 'apiVersions' | 'sessionExpiresAt'>): void {
    this.apiVersions = details.apiVersions;
    if (details.sessionExpiresAt !== undefined) this.sessionExpiresAt = details.sessionExpiresAt;
    this.#isOpen = true;
  }

  send(frame: Frame): Promise<Uint8Array> {
    if (this.#ended !== undefined) return Promise.reject(this.#failure(this.#ended, 'no'));
    return new Promise((resolve, reject) => {
      const correlationId = this.#nextId;
      this.#nextId = (this.#nextId + 1) % CORRELATION_IDS;
      this.#inFlight.push({ frame, correlationId, resolve, reject });
      // Header and body in one packet, without a copy of the body.
      this.#socket.cork();
      this.#socket.write(this.#headerOf(frame, correlationId));
      this.#socket.write(frame.body);
      this.#socket.uncork();
    });
  }

  destroy(reason: Error): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    this.#socket.destroy();
    const waiting = this.#inFlight;
    this.#inFlight = [];
    for (const { reject } of waiting) reject(this.#failure(reason, 'maybe'));
    this.#resolveClosed(reason);
  }

  #headerOf({ apiKey, apiVersion, flexible, body }: Frame, correlationId: number): Uint8Array {
    const { clientId } = this.#options;
    const writer = new ByteWriter().int32(0);
    writeRequestHeader(writer, { apiKey, apiVersion, correlationId, clientId }, flexible);
    writer.patchInt32(0, writer.length - SIZE_BYTES + body.length);
    return writer.finish();
  }

  #read(chunk: Buffer): void {
    if (this.#ended !== undefined) return;
    try {
      // Not a Buffer any more: its `slice` does not copy, and its `subarray` is slower.
      const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length);
      for (const frame of this.#splitter.push(bytes)) this.#answer(frame);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      const { broker } = this;
      const message = `${nameOf(broker)} does not answer like a Kafka broker: ${error.message}`;
      const { lane } = this.#options;
      this.destroy(
        new TransportError(message, { kind: 'decode', sent: 'maybe', broker, lane, cause: error }),
      );
    }
  }

  /** @throws ProtocolError for bytes that are no answer to what was asked */
  #answer(bytes: Uint8Array): void {
    const asked = this.#inFlight[0];
    if (asked === undefined)
      throw new ProtocolError(`an answer of ${bytes.length} bytes that nobody asked for`);
    const { apiKey, apiVersion, flexible } = asked.frame;
    const reader = new ByteReader(bytes);
    const correlationId = readResponseHeader(
      reader,
      flexible && hasFlexibleResponseHeader(apiKey, apiVersion),
    );
    if (correlationId !== asked.correlationId)
      throw new ProtocolError(
        `an answer with correlation id ${correlationId} in place of ${asked.correlationId}`,
      );
    this.#inFlight.shift();
    if (this.#isOpen) this.#answersWhileOpen += 1;
    asked.resolve(bytes.subarray(reader.offset));
  }

  #peerClosed(): void {
    if (this.#ended !== undefined) return;
    const how = this.#socketError?.message ?? 'the broker closed the connection';
    // A listener that wants SASL lets a client ask for versions, and closes at the first other request.
    const isUnwelcome = this.#isOpen && this.#answersWhileOpen === 0 && !this.#options.usesSasl;
    const hint = isUnwelcome ? '; if this listener wants SASL, set `sasl`' : '';
    this.destroy(new Error(`${how}${hint}`, { cause: this.#socketError }));
  }

  #failure(reason: Error, sent: 'no' | 'maybe'): TransportError {
    if (reason instanceof TransportError && sent === 'maybe') return reason;
    const { broker } = this;
    const { lane } = this.#options;
    const message = `The ${lane} connection to ${nameOf(broker)} has ended: ${reason.message}`;
    return new TransportError(message, { kind: 'laneClosed', sent, broker, lane, cause: reason });
  }
}
