/**
 * What a transport package writes: open a connection, send a frame, destroy it. Everything above (codecs, versions,
 * deadlines, lanes, typed requests) is `createProtocolTransport`'s.
 */
import type { BrokerAddress, CallOptions, Lane, TransportContext } from '@kohort/core/spi';
import type { VersionRange } from './api.ts';

/** A request body on its way out. The wire client writes the request header in front of it. */
export interface Frame {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly apiName: string;
  /** Request header v2 and response header v1, with tagged fields (KIP-482). */
  readonly flexible: boolean;
  readonly body: Uint8Array;
}

/** One connection to one broker, used for one purpose. */
export interface WireLane {
  readonly broker: BrokerAddress;
  /** What the broker offered when the connection was opened, by API key. */
  readonly apiVersions: ReadonlyMap<number, VersionRange>;
  /** Moment on the group's monotonic clock when the broker will want fresh credentials (KIP-368). */
  readonly sessionExpiresAt?: number;
  /**
   * Sends one request and resolves with the response body: the bytes after the response header, tagged fields of the
   * header already skipped. Several may be in flight; answers come in order, since a broker answers one request of a
   * connection at a time. Rejects with a TransportError only.
   *
   * Whoever calls keeps the deadline, on the group's clock, and destroys the lane or ignores a late answer. `timeoutMs` is
   * for wires whose library wants a figure; there is no signal.
   */
  send(frame: Frame, call: CallOptions): Promise<Uint8Array>;
  /** Synchronous. Calls in flight reject with kind `laneClosed`. Idempotent. */
  destroy(reason: Error): void;
  /** Resolves once, with the reason, when the connection has ended for whatever cause. Never rejects. */
  readonly closed: Promise<Error>;
}

/** A wire under one group's transport. */
export interface WireClient {
  readonly name: string;
  /**
   * Connects, authenticates and negotiates versions. Rejects with a TransportError only, kind `connect`, `dns`, `tls`,
   * `auth`, `timeout` or `aborted`, and then leaves nothing behind.
   *
   * Whoever calls keeps the deadline: `call.signal` is always there and aborts when nobody waits any more, and after
   * `timeoutMs` at the latest. That is what the first caller has left; for those who came later it is tried again.
   */
  open(target: 'bootstrap' | BrokerAddress, lane: Lane, call: CallOptions): Promise<WireLane>;
  /** Destroys all lanes without waiting for brokers. Idempotent. */
  close(): Promise<void>;
}

/** Makes the wire of one group. */
export type WireClientFactory = (context: TransportContext) => WireClient;
