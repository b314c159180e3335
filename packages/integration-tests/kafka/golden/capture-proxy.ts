// A TCP proxy between Kafka clients and one broker that reports every exchange (request with its answer).

import { connect, createServer, type Server, type Socket } from 'node:net';
import { API_VERSIONS_KEY } from './api-table.ts';
import { capVersions } from './cap-versions.ts';
import { type RequestStart, requestStart } from './frame.ts';

/** One request frame and its response frame, without their size prefixes. */
export interface Exchange extends RequestStart {
  readonly request: Buffer;
  readonly response: Buffer;
}

export class CaptureProxy {
  /** Port of the broker on 127.0.0.1; to be set before the first client connects. */
  target = 0;
  /** Newest version of any API that clients are told of; undefined leaves the broker's answer alone. */
  cap: number | undefined;
  readonly #onExchange: (exchange: Exchange) => void;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, onExchange: (exchange: Exchange) => void) {
    this.#server = server;
    this.#onExchange = onExchange;
    server.on('connection', (client) => this.#join(client));
  }

  static async listen(port: number, onExchange: (exchange: Exchange) => void): Promise<CaptureProxy> {
    const server = createServer({ noDelay: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: '127.0.0.1', port }, resolve);
    });
    return new CaptureProxy(server, onExchange);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(client: Socket): void {
    const broker = connect({ host: '127.0.0.1', port: this.target, noDelay: true });
    const waiting = new Map<number, Buffer>();
    this.#pair(client, broker);
    onFrame(client, (frame) => {
      waiting.set(requestStart(frame).correlationId, frame);
      writeFrame(broker, frame);
    });
    onFrame(broker, (frame) => {
      const request = waiting.get(frame.readInt32BE(0));
      waiting.delete(frame.readInt32BE(0));
      if (request === undefined) {
        client.destroy(new Error('answer to a request that was not seen'));
        return;
      }
      const start = requestStart(request);
      const response = this.#changed(start, frame);
      // What the broker said, not what the client was made to believe.
      this.#onExchange({ ...start, request, response: frame });
      writeFrame(client, response);
    });
  }

  #changed({ apiKey, apiVersion }: RequestStart, frame: Buffer): Buffer {
    const refused = apiKey === API_VERSIONS_KEY && frame.readInt16BE(4) !== 0;
    if (apiKey !== API_VERSIONS_KEY || this.cap === undefined || refused) return frame;
    return capVersions(frame, apiVersion, this.cap);
  }

  #pair(one: Socket, other: Socket): void {
    for (const [socket, peer] of [
      [one, other],
      [other, one],
    ] as const) {
      this.#sockets.add(socket);
      // A broken connection is passed on by breaking the other side.
      socket.on('error', () => peer.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        peer.destroy();
      });
    }
  }
}

function onFrame(socket: Socket, take: (frame: Buffer) => void): void {
  let pending = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 4 && pending.length >= 4 + pending.readInt32BE(0)) {
      const end = 4 + pending.readInt32BE(0);
      take(pending.subarray(4, end));
      pending = pending.subarray(end);
    }
  });
}

function writeFrame(socket: Socket, frame: Buffer): void {
  const size = Buffer.alloc(4);
  size.writeInt32BE(frame.length, 0);
  socket.write(Buffer.concat([size, frame]));
}
