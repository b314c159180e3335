/** From an address to a connection that is ready for requests: dial, negotiate versions, authenticate. */
import type { Socket } from 'node:net';
import { type BrokerAddress, type Lane, type TransportContext, TransportError } from '@kohort/core/spi';
import { authenticate } from './authenticate.ts';
import { type BootstrapServer, nameOf } from './bootstrap-server.ts';
import { dial, type OpenPhase } from './dial.ts';
import { negotiate } from './negotiate.ts';
import { openFailure, TooSlow } from './open-failure.ts';
import type { TcpSettings } from './options.ts';
import { TcpLane } from './tcp-lane.ts';

export interface OpenRequest {
  readonly settings: TcpSettings;
  readonly context: TransportContext;
  readonly broker: BootstrapServer | BrokerAddress;
  readonly lane: Lane;
  readonly signal: AbortSignal;
}

/** @throws TransportError with what to look at; nothing is left open then */
export async function openLane(request: OpenRequest): Promise<TcpLane> {
  const { settings, context, signal, broker } = request;
  let phase: OpenPhase = 'tcp';
  const onPhase = (next: OpenPhase) => {
    phase = next;
  };
  const bound = new AbortController();
  const onAbort = () => bound.abort(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort);
  const timer = context.clock.setTimer(() => bound.abort(new TooSlow()), settings.connectTimeoutMs);
  let lane: TcpLane | undefined;
  try {
    const socket = await dial({ broker, tls: settings.tls, signal: bound.signal, onPhase });
    lane = laneOn(socket, request);
    return await letIn(lane, request, bound.signal, onPhase);
  } catch (error) {
    const failure = signal.aborted ? aborted(request) : openFailure(error, { ...request, phase });
    lane?.destroy(failure);
    throw failure;
  } finally {
    timer.cancel();
    signal.removeEventListener('abort', onAbort);
  }
}

function laneOn(socket: Socket, { settings, context, broker, lane }: OpenRequest): TcpLane {
  return new TcpLane({
    socket,
    broker,
    lane,
    clientId: context.clientId,
    usesSasl: settings.sasl !== undefined,
    maxFrameSize: settings.maxFrameSize,
  });
}

/**
 * The first requests of a connection: what the broker can do, and who this is. Whoever gives out passwords or tokens may
 * never answer, so the signal ends the wait itself.
 */
async function letIn(
  lane: TcpLane,
  request: OpenRequest,
  signal: AbortSignal,
  onPhase: (phase: OpenPhase) => void,
): Promise<TcpLane> {
  let onAbort = () => {};
  const givenUp = new Promise<never>((_, reject) => {
    onAbort = () => {
      lane.destroy(signal.reason);
      reject(signal.reason);
    };
  });
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([givenUp, introduce(lane, request, signal, onPhase)]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

async function introduce(
  lane: TcpLane,
  { settings, context }: OpenRequest,
  signal: AbortSignal,
  onPhase: (phase: OpenPhase) => void,
): Promise<TcpLane> {
  onPhase('versions');
  const apiVersions = await negotiate(lane);
  if (settings.sasl === undefined) {
    lane.opened({ apiVersions });
    return lane;
  }
  onPhase('sasl');
  const lifetimeMs = await authenticate(lane, settings.sasl, apiVersions, signal);
  const sessionExpiresAt = context.clock.monotonic() + lifetimeMs;
  lane.opened(lifetimeMs > 0 ? { apiVersions, sessionExpiresAt } : { apiVersions });
  return lane;
}

function aborted({ broker, lane, signal }: OpenRequest): TransportError {
  return new TransportError(`Opening the ${lane} connection to ${nameOf(broker)} was given up`, {
    kind: 'aborted',
    sent: 'no',
    broker,
    lane,
    cause: signal.reason,
  });
}
