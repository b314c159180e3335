/** A TCP server that answers as a test scripts it, in the bytes of the protocol: for tests of what connects to brokers. */
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { ByteReader, ByteWriter } from '@kohort/core/spi';
import {
  type Api,
  apiByKey,
  apis,
  FrameSplitter,
  frameOf,
  hasFlexibleResponseHeader,
  type RequestHeader,
  readRequestHeader,
  writeResponseHeader,
} from '@kohort/protocol';

/** An answer that never comes. */
export const SILENCE = Symbol('silence');
/** In place of an answer the server ends the connection. */
export const HANG_UP = Symbol('hang up');

type Answer = (request: unknown, header: RequestHeader, socket: Socket) => unknown;

/** Answers ApiVersions with all that the codecs have, Heartbeat and Metadata with success, and nothing else until told so. */
export class ScriptedServer {
  readonly port: number;
  readonly sockets = new Set<Socket>();
  /** Requests in the order in which they came. */
  readonly seen: (RequestHeader & { readonly request: unknown })[] = [];
  connections = 0;
  /** Bytes of each piece that an answer is cut into; whole by default. */
  pieces = Number.POSITIVE_INFINITY;
  readonly #server: Server;
  readonly #answers = new Map<number, Answer>();
  #raw: ((socket: Socket) => void) | undefined;

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (socket: Socket) => this.#track(socket));
    server.on(isTls(server) ? 'secureConnection' : 'connection', (socket: Socket) => this.#serve(socket));
    const apiKeys = [...apiByKey.values()].map(({ key, versions }) => ({
      apiKey: key,
      minVersion: versions.min,
      maxVersion: versions.max,
    }));
    this.on(apis.apiVersions, () => ({ errorCode: 0, apiKeys }));
    this.on(apis.heartbeat, () => ({ errorCode: 0 }));
    this.on(apis.metadata, () => ({ clusterId: 'scripted', brokers: [], topics: [] }));
  }

  /** @param tls certificate and key, for a server that speaks TLS */
  static async start(tls?: TlsOptions): Promise<ScriptedServer> {
    const server = tls === undefined ? createServer() : createTlsServer(tls);
    // A client that cannot finish a handshake is what some tests are about.
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new ScriptedServer(server);
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Scripts the answers to one API; an answer may also be SILENCE or HANG_UP. */
  on<Request, Response, RequestInput, ResponseInput>(
    api: Api<Request, Response, RequestInput, ResponseInput>,
    answer: (
      request: Request,
      header: RequestHeader,
    ) => ResponseInput | typeof SILENCE | typeof HANG_UP | Promise<ResponseInput>,
  ): this {
    // The request was decoded by the codec of this very API.
    this.#answers.set(api.key, (request, header) => answer(request as Request, header));
    return this;
  }

  /** Hands the bare connection to the test. */
  onConnection(raw: (socket: Socket) => void): this {
    this.#raw = raw;
    return this;
  }

  hangUp(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.hangUp();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #track(socket: Socket): void {
    this.connections += 1;
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.sockets.delete(socket));
  }

  #serve(socket: Socket): void {
    if (this.#raw !== undefined) {
      this.#raw(socket);
      return;
    }
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    const splitter = new FrameSplitter();
    let before: Promise<void> = Promise.resolve();
    socket.on('data', (chunk) => {
      let frames: Uint8Array[] = [];
      try {
        frames = splitter.push(chunk);
      } catch {
        socket.destroy();
      }
      for (const frame of frames) before = before.then(() => this.#answer(socket, frame));
    });
  }

  async #answer(socket: Socket, frame: Uint8Array): Promise<void> {
    const reader = new ByteReader(frame);
    const header = readRequestHeader(reader);
    const api = apiByKey.get(header.apiKey);
    if (api === undefined) throw new Error(`no codec for API ${header.apiKey}`);
    const request = api.decodeRequest(reader, header.apiVersion);
    this.seen.push({ ...header, request });
    const answer = await this.#answers.get(header.apiKey)?.(request, header, socket);
    if (answer === HANG_UP) socket.destroy();
    if (answer === SILENCE || answer === HANG_UP) return;
    const body = new ByteWriter();
    api.encodeResponse(answer, versionOf(answer, header), body);
    const bytes = frameOf((writer) => {
      const flexible = hasFlexibleResponseHeader(header.apiKey, header.apiVersion);
      writeResponseHeader(writer, header.correlationId, flexible);
      writer.raw(body.finish());
    });
    for (let at = 0; at < bytes.length; at += this.pieces) {
      if (at > 0) await new Promise((resolve) => setImmediate(resolve));
      socket.write(bytes.subarray(at, at + this.pieces));
    }
  }
}

/** A broker that does not know the version of an ApiVersions request answers in version 0 (KIP-511). */
function versionOf(answer: unknown, { apiKey, apiVersion }: RequestHeader): number {
  const isUnknown = apiKey === apis.apiVersions.key && Reflect.get(Object(answer), 'errorCode') === 35;
  return isUnknown ? 0 : apiVersion;
}

function isTls(server: Server): boolean {
  return 'setSecureContext' in server;
}
