/** Opens a socket: TCP, then TLS where that is wanted. */
import { type Socket, connect as tcpConnect } from 'node:net';
import { type ConnectionOptions, connect as tlsConnect } from 'node:tls';
import type { BootstrapServer } from './bootstrap-server.ts';

/** How far an opening has got; a failure is told by it. */
export type OpenPhase = 'tcp' | 'tls' | 'versions' | 'sasl';

export interface DialOptions {
  readonly broker: BootstrapServer;
  readonly tls: ConnectionOptions | undefined;
  readonly signal: AbortSignal;
  readonly onPhase: (phase: OpenPhase) => void;
}

/** As long as a connection may be silent before the system asks whether the peer is still there. */
const KEEP_ALIVE_MS = 60_000;

/**
 * A name with several addresses is tried address by address (Node's `autoSelectFamily`).
 * Rejects with what the socket says, or with the reason of the signal; no socket is left then.
 */
export function dial({ broker, tls, signal, onPhase }: DialOptions): Promise<Socket> {
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    // Requests are small and written whole: waiting for more only costs time (Nagle's algorithm).
    const where = {
      host: broker.host,
      port: broker.port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MS,
    };
    const socket = tls === undefined ? tcpConnect(where) : tlsConnect({ ...tls, ...where });
    const settle = () => {
      signal.removeEventListener('abort', onAbort);
      socket.off('error', fail).off('close', onClose).off('connect', onConnect).off('secureConnect', done);
    };
    const fail = (error: unknown) => {
      settle();
      // A socket that is on its way to be closed may fail once more; that says nothing new.
      socket.on('error', () => undefined);
      socket.destroy();
      reject(error);
    };
    const done = () => {
      settle();
      resolve(socket);
    };
    const onAbort = () => fail(signal.reason);
    const onClose = () => fail(new Error('the connection was closed'));
    const onConnect = () => (tls === undefined ? done() : onPhase('tls'));
    signal.addEventListener('abort', onAbort);
    socket.on('error', fail).on('close', onClose).on('connect', onConnect);
    if (tls !== undefined) socket.on('secureConnect', done);
  });
}
