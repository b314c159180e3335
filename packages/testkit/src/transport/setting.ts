/** What the laws of transports have in common: a server, a transport over it, and calls to make. */
import { ok } from 'node:assert/strict';
import {
  type BrokerAddress,
  type Clock,
  type GroupTransport,
  type TransportContext,
  TransportError,
  type TransportFactory,
} from '@kohort/core/spi';
import { ScriptedServer } from './scripted-server.ts';

/** How long something that has to happen may take. */
const PATIENCE_MS = 3_000;

/** A law that hangs is a law that is broken. */
const LONGEST_MS = 20_000;

/** Makes the transport under test for a cluster whose only bootstrap server is `host:port`. */
export type MakeTransport = (server: { readonly host: string; readonly port: number }) => TransportFactory;

/** One run of one law. */
export interface Setting {
  readonly server: ScriptedServer;
  readonly node: BrokerAddress;
  readonly clock: JumpingClock;
  /** The transport of one more group. */
  readonly open: (context?: Partial<TransportContext>) => GroupTransport;
  readonly make: MakeTransport;
}

/** Real time, which a law may jump ahead. */
export class JumpingClock implements Clock {
  #ahead = 0;

  monotonic(): number {
    return performance.now() + this.#ahead;
  }

  wall(): number {
    return Date.now() + this.#ahead;
  }

  setTimer(callback: () => void, delayMs: number) {
    const timer = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(timer) };
  }

  jump(ms: number): void {
    this.#ahead += ms;
  }
}

/** Runs `law` on a fresh server, and closes what it has opened. */
export async function withSetting(
  make: MakeTransport,
  law: (setting: Setting) => Promise<void>,
): Promise<void> {
  const server = await ScriptedServer.start();
  const clock = new JumpingClock();
  const life = new AbortController();
  const opened: GroupTransport[] = [];
  const node = { nodeId: 1, host: '127.0.0.1', port: server.port };
  const open = (context: Partial<TransportContext> = {}) => {
    const whole = { clientId: 'conformance', groupId: 'g', clock, signal: life.signal, ...context };
    const transport = make({ host: node.host, port: node.port }).create(whole);
    opened.push(transport);
    return transport;
  };
  let bound: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    bound = setTimeout(() => reject(new Error(`not over within ${LONGEST_MS} ms`)), LONGEST_MS);
  });
  try {
    await Promise.race([law({ server, node, clock, open, make }), tooLong]);
  } finally {
    clearTimeout(bound);
    life.abort();
    await Promise.all(opened.map((transport) => transport.close()));
    await server.stop();
  }
}

export const FIVE_SECONDS = { timeoutMs: 5_000 };
export const HEARTBEAT = { groupId: 'g', generationId: 3, memberId: 'm' };
export const JOIN = {
  groupId: 'g',
  sessionTimeoutMs: 45_000,
  rebalanceTimeoutMs: 60_000,
  memberId: 'm',
  protocolType: 'consumer',
  protocols: [{ name: 'range', metadata: new Uint8Array([1, 2, 3]) }],
};
export const FETCH = {
  rack: '',
  isolationLevel: 'read_uncommitted',
  maxWaitMs: 500,
  minBytes: 1,
  maxBytes: 1,
  partitions: [],
} as const;

/** What the call rejects with, which must be a TransportError. */
export async function failureOf(call: Promise<unknown>): Promise<TransportError> {
  const outcome = await call.then(
    () => new Error('it resolved'),
    (error: unknown) => error,
  );
  ok(outcome instanceof TransportError, `a TransportError was expected, not ${String(outcome)}`);
  return outcome;
}

/** Resolves when `condition` holds; a bound, not a sleep. */
export async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited ${PATIENCE_MS} ms in vain until ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Resolves when the server has seen `count` requests of an API. */
export function untilAsked({ server }: Setting, api: { readonly key: number }, count = 1): Promise<void> {
  return until(`API ${api.key} is asked for`, () => {
    return server.seen.filter(({ apiKey }) => apiKey === api.key).length >= count;
  });
}

/** Sockets and timers of this process, a server's own not among them. */
export function openHandles(): { readonly sockets: number; readonly timers: number } {
  const all = process.getActiveResourcesInfo();
  const sockets = /^(TCPSocketWrap|TLSWrap|TCPConnectWrap|GetAddrInfoReqWrap)$/;
  return {
    sockets: all.filter((one) => sockets.test(one)).length,
    timers: all.filter((one) => one === 'Timeout').length,
  };
}
