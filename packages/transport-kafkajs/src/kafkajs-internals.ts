/**
 * The parts of kafkajs that carry the lanes, as far as they are used. kafkajs exports none of these classes, so their shape
 * is checked before it is relied on, and a release that changes it is refused by name.
 */
import type { Socket } from 'node:net';
import { ErrorCode, KohortError, TransportError } from '@kohort/core/spi';
import { kafkajsVersion } from './kafkajs-version.ts';

export interface Logger {
  info(message: string, extra?: object): void;
  warn(message: string, extra?: object): void;
  error(message: string, extra?: object): void;
  debug(message: string, extra?: object): void;
  namespace(name: string, level?: unknown): Logger;
}

export interface SocketOptions {
  readonly host: string;
  readonly port: number;
  readonly ssl?: unknown;
  readonly onConnect: () => void;
}

/** `src/network/requestQueue/index.js` */
export interface RequestQueue {
  logger: Logger;
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
  fulfillRequest(response: { correlationId: number; size: number; payload: Buffer }): void;
  rejectAll(error: Error): void;
  destroy(): void;
}

export interface Send<T> {
  readonly request: {
    readonly apiKey: number;
    readonly apiVersion: number;
    readonly apiName: string;
    /** kafkajs reads these two properties of its own encoder, and nothing else. */
    readonly encode: () => Promise<{ readonly buf: Buffer; readonly buffer: Buffer }>;
  };
  readonly response: {
    readonly decode: (payload: Buffer) => Promise<T>;
    readonly parse: (decoded: T) => Promise<T>;
  };
  readonly requestTimeout: number;
  readonly logResponseError: boolean;
}

/** `src/network/connection.js` */
export interface Connection {
  clientId: string;
  logger: Logger;
  readonly ssl?: unknown;
  readonly sasl?: unknown;
  readonly connectionTimeout: number;
  socketFactory: (options: SocketOptions) => Socket;
  readonly requestQueue: RequestQueue;
  /** Set while SASL speaks without frames of its own, as brokers before 1.0 want it. */
  readonly authHandlers: unknown;
  /** A 64-bit integer of kafkajs' own; '0' for a session without end. */
  readonly sessionLifetime: { toString(): string };
  isAuthenticated(): boolean;
  processData(chunk: Buffer): void;
  send<T extends object>(send: Send<T>): Promise<T>;
  disconnect(): Promise<unknown>;
}

/** `src/network/connectionPool.js` */
export interface ConnectionPool {
  readonly host: string;
  readonly port: number;
  readonly pool: readonly Connection[];
}

/** `src/broker/index.js` */
export interface Broker {
  /** null before the broker has answered ApiVersions. */
  readonly versions: Readonly<Record<string, { minVersion: number; maxVersion: number }>> | null;
  connect(): Promise<void>;
}

/** `src/cluster/index.js` */
export interface Cluster {
  readonly connectionPoolBuilder: {
    build(destination?: { host: string; port: number }): Promise<ConnectionPool>;
  };
  readonly brokerPool: {
    readonly rootLogger: Logger;
    createBroker(options: { connectionPool: ConnectionPool; logger: Logger }): Broker;
  };
}

function remedy(): string {
  return `Kohort was tested with kafkajs 2.2.4 and accepts >=2.2.0 <3; found is ${kafkajsVersion()}. Install kafkajs 2.2.4, and only one copy of it.`;
}

/** @throws KohortError when this is not the cluster object of a known kafkajs */
export function checkCluster(candidate: unknown): Cluster {
  const missing = missingPart(candidate, [
    ['connectionPoolBuilder', 'build'],
    ['brokerPool', 'createBroker'],
    ['brokerPool', 'rootLogger', 'namespace'],
  ]);
  if (missing === undefined) return candidate as Cluster;
  throw new KohortError(ErrorCode.config, `This kafkajs has no cluster.${missing}. ${remedy()}`);
}

/** @throws TransportError when the pool's connection is not that of a known kafkajs */
export function checkConnection(pool: ConnectionPool): Connection {
  const connection: unknown = pool.pool?.[0];
  const missing = missingPart(connection, [
    ['send'],
    ['disconnect'],
    ['processData'],
    ['isAuthenticated'],
    ['socketFactory'],
    ['logger', 'namespace'],
    ['requestQueue', 'fulfillRequest'],
    ['requestQueue', 'rejectAll'],
    ['requestQueue', 'destroy'],
    ['requestQueue', 'scheduleCheckPendingRequests'],
  ]);
  if (missing === undefined) return connection as Connection;
  throw new TransportError(`This kafkajs has no connection.${missing}. ${remedy()}`, {
    kind: 'unsupportedVersion',
    sent: 'no',
  });
}

/** The first path that does not end at a function. */
function missingPart(root: unknown, paths: readonly (readonly string[])[]): string | undefined {
  for (const path of paths) {
    let part: unknown = root;
    for (const name of path)
      part = part === null || part === undefined ? undefined : Reflect.get(Object(part), name);
    if (typeof part !== 'function') return path.join('.');
  }
  return undefined;
}
