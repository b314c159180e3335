/** Opens one connection by kafkajs: TCP, TLS, versions and SASL are its work, bounds and clear failures are ours. */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { type BrokerAddress, type Lane, type TransportContext, TransportError } from '@kohort/core/spi';
import type { VersionRange } from '@kohort/protocol';
import {
  type Broker,
  type Cluster,
  type Connection,
  type ConnectionPool,
  checkConnection,
} from './kafkajs-internals.ts';
import { KafkajsLane, tearDown } from './kafkajs-lane.ts';
import { ClosedWhileOpening, type OpenState, openFailure } from './open-failure.ts';
import { prepareConnection } from './prepare-connection.ts';

export interface OpenRequest {
  readonly cluster: Cluster;
  readonly pool: ConnectionPool;
  /** Absent for a bootstrap server, whose address the pool knows. */
  readonly target: BrokerAddress | undefined;
  readonly lane: Lane;
  readonly context: TransportContext;
  readonly signal: AbortSignal;
}

/** @throws TransportError */
export async function openLane(request: OpenRequest): Promise<KafkajsLane> {
  const { cluster, pool } = request;
  const connection = checkConnection(pool);
  const broker = cluster.brokerPool.createBroker({
    connectionPool: pool,
    logger: cluster.brokerPool.rootLogger,
  });
  const opening = new Opening(request, connection, broker);
  return opening.run();
}

/** kafkajs' own default and Kohort's: either gives way to a client id that somebody chose. */
const KAFKAJS_CLIENT_ID = 'kafkajs';
const KOHORT_CLIENT_ID = 'kohort';

class Opening {
  readonly #request: OpenRequest;
  readonly #connection: Connection;
  readonly #broker: Broker;
  readonly #address: BrokerAddress;
  #socket: Socket | undefined;
  #isConnected = false;
  #isSecure = false;
  #socketError: Error | undefined;
  #givenUp: Error | undefined;
  #lane: KafkajsLane | undefined;
  #fail: (error: unknown) => void = () => undefined;

  constructor(request: OpenRequest, connection: Connection, broker: Broker) {
    this.#request = request;
    this.#connection = connection;
    this.#broker = broker;
    this.#address = request.target ?? { host: request.pool.host, port: request.pool.port };
  }

  async run(): Promise<KafkajsLane> {
    const { clientId } = this.#request.context;
    const connection = this.#connection;
    if (clientId !== KOHORT_CLIENT_ID || connection.clientId === KAFKAJS_CLIENT_ID)
      connection.clientId = clientId;
    prepareConnection(connection, {
      onSocket: (socket) => this.#watch(socket),
      onGarbage: (error) => (this.#lane === undefined ? this.#fail(error) : this.#lane.destroy(error)),
    });
    try {
      await this.#connected();
      return this.#opened();
    } catch (error) {
      const failure = openFailure(error, this.#state());
      this.#givenUp = failure;
      tearDown(connection, this.#socket, failure);
      throw failure;
    }
  }

  /** kafkajs' connect, or whatever ends it first; kafkajs alone may never settle. */
  #connected(): Promise<void> {
    const { signal } = this.#request;
    return new Promise<void>((resolve, reject) => {
      const onAbort = () => this.#fail(this.#aborted());
      const settle = (end: () => void) => {
        signal.removeEventListener('abort', onAbort);
        end();
      };
      this.#fail = (error) => settle(() => reject(error));
      signal.addEventListener('abort', onAbort);
      if (signal.aborted) onAbort();
      else this.#broker.connect().then(() => settle(resolve), this.#fail);
    });
  }

  #opened(): KafkajsLane {
    const { lane, context } = this.#request;
    const { versions } = this.#broker;
    const socket = this.#socket;
    if (versions === null || socket === undefined || socket.destroyed) throw new ClosedWhileOpening();
    // From here on deadlines are the lane pool's: kafkajs' are never shorter than its requestTimeout, and by its own clock.
    this.#connection.requestQueue.destroy();
    // Never again: while kafkajs re-authenticates, another answer would be taken for the broker's (KIP-368). The lane pool
    // changes to a fresh connection in time instead.
    this.#connection.isAuthenticated = () => true;
    const lifetimeMs = Number(this.#connection.sessionLifetime.toString());
    this.#lane = new KafkajsLane({
      connection: this.#connection,
      socket,
      broker: this.#address,
      lane,
      apiVersions: rangesOf(versions),
      sessionExpiresAt: lifetimeMs > 0 ? context.clock.monotonic() + lifetimeMs : undefined,
    });
    return this.#lane;
  }

  #watch(socket: Socket): void {
    this.#socket = socket;
    if (this.#givenUp !== undefined) socket.destroy(this.#givenUp);
    socket.once('connect', () => {
      this.#isConnected = true;
    });
    socket.once('secureConnect', () => {
      this.#isSecure = true;
    });
    socket.on('error', (error) => {
      this.#socketError = error;
    });
    // One turn later: what the peer said last, such as a refusal of credentials, is worth more than its hanging up.
    const ended = () => setImmediate(() => this.#peerClosed());
    socket.once('end', ended);
    socket.once('close', ended);
  }

  #peerClosed(): void {
    if (this.#lane === undefined) this.#fail(this.#socketError ?? new ClosedWhileOpening());
    else this.#lane.peerClosed(this.#socketError);
  }

  #aborted(): TransportError {
    const { lane, signal } = this.#request;
    const { host, port } = this.#address;
    return new TransportError(`Opening the ${lane} connection to ${host}:${port} was given up`, {
      kind: 'aborted',
      sent: 'no',
      broker: this.#address,
      lane,
      cause: signal.reason,
    });
  }

  #state(): OpenState {
    const { ssl, sasl, connectionTimeout } = this.#connection;
    return {
      broker: this.#address,
      lane: this.#request.lane,
      usesTls: Boolean(ssl) || this.#socket instanceof TLSSocket,
      usesSasl: Boolean(sasl),
      isConnected: this.#isConnected,
      isSecure: this.#isSecure,
      isNegotiated: this.#broker.versions !== null,
      connectionTimeoutMs: connectionTimeout,
    };
  }
}

function rangesOf(versions: NonNullable<Broker['versions']>): ReadonlyMap<number, VersionRange> {
  return new Map(
    Object.entries(versions).map(([key, { minVersion, maxVersion }]) => [
      Number(key),
      { min: minVersion, max: maxVersion },
    ]),
  );
}
