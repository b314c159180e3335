/** The TCP side: one listening socket for each running node, loopback unless explicitly told otherwise. */
import { createServer, isIP, type Server, type Socket } from 'node:net';
import { ErrorCode, KohortError } from '@kohort/core/spi';
import type { NodeAddress, Nodes } from '../cluster/nodes.ts';
import type { Peer, ServerConnection } from './server-connection.ts';

export interface ListenOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Port of node 0; further nodes take the following ones. Default 0: any free ports. */
  readonly port?: number;
  /** This broker has no access control worth the name: anything but loopback must be asked for by this. */
  readonly unsafeAllowRemote?: boolean;
}

/** What listeners need of the broker. */
export interface SocketHost {
  readonly nodes: Nodes;
  connect(
    node: number,
    peer: Peer,
    from: { readonly clientId: null; readonly host: string; readonly listener: 'tcp' },
  ): ServerConnection;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** Connects a socket to the broker's end of the connection. */
function attach(host: SocketHost, node: number, socket: Socket): void {
  socket.setNoDelay(true);
  const peer: Peer = {
    receive: (bytes) => {
      if (!socket.destroyed) socket.write(bytes);
    },
    // Lets the bytes written so far reach the client: a cut in the middle of a frame is one of half a frame.
    ended: () => socket.destroySoon(),
  };
  const from = { clientId: null, host: `/${socket.remoteAddress ?? 'unknown'}`, listener: 'tcp' } as const;
  const connection = host.connect(node, peer, from);
  socket.on('data', (bytes) => connection.receive(bytes));
  socket.on('close', () => connection.disconnected());
  // A client that resets the connection is no fault of the broker's; 'close' follows.
  socket.on('error', () => socket.destroy());
}

/** The listening sockets of all nodes. */
export class TcpListeners {
  readonly #host: SocketHost;
  readonly #servers = new Map<number, Server>();
  readonly #sockets = new Set<Socket>();
  #bind: { readonly host: string; readonly ports: Map<number, number> } | null = null;

  constructor(host: SocketHost) {
    this.#host = host;
  }

  /**
   * Starts listening for every running node. @returns `host:port` of the lowest running node
   * @throws KohortError KOHORT_CONFIG for an address that is not loopback, KOHORT_STATE when already listening;
   * Node's error when a port cannot be had
   */
  async listen(options: ListenOptions): Promise<string> {
    const { host = '127.0.0.1', port = 0, unsafeAllowRemote = false } = options;
    if (!isLoopback(host) && !unsafeAllowRemote) {
      throw new KohortError(
        ErrorCode.config,
        `listen: ${host} is not a loopback address, and this broker lets everybody do everything. ` +
          'Use 127.0.0.1, or pass unsafeAllowRemote: true.',
      );
    }
    if (this.#bind !== null) {
      throw new KohortError(ErrorCode.state, 'listen: the broker listens already. Call listen() once.');
    }
    const { nodes } = this.#host;
    const ports = new Map(Array.from({ length: nodes.count }, (_, id) => [id, port === 0 ? 0 : port + id]));
    this.#bind = { host, ports };
    try {
      for (const id of nodes.running()) await this.start(id);
    } catch (error) {
      this.#bind = null;
      await this.close();
      throw error;
    }
    const first = nodes.address(nodes.controller(), 'tcp');
    return first.host.includes(':') ? `[${first.host}]:${first.port}` : `${first.host}:${first.port}`;
  }

  /** Listens for one node, on the port it had before. Does nothing until `listen` was called. */
  async start(node: number): Promise<void> {
    if (this.#bind === null || this.#servers.has(node)) return;
    const { host, ports } = this.#bind;
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      attach(this.#host, node, socket);
    });
    this.#servers.set(node, server);
    let address: NodeAddress;
    try {
      address = await bound(server, { host, port: ports.get(node) ?? 0 });
    } catch (error) {
      this.#servers.delete(node);
      throw error;
    }
    ports.set(node, address.port);
    this.#host.nodes.listensOn(node, address);
  }

  /** Stops listening for one node: connecting is refused. Its connections are the broker's to cut. */
  async stop(node: number): Promise<void> {
    const server = this.#servers.get(node);
    this.#servers.delete(node);
    if (server?.listening === true) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  async close(): Promise<void> {
    const stopped = [...this.#servers.keys()].map((node) => this.stop(node));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(stopped);
  }
}

function bound(server: Server, at: NodeAddress): Promise<NodeAddress> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, () => {
      server.off('error', reject);
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : at.port;
      resolve({ host: at.host, port });
    });
  });
}
