// Transports over a scripted server, and how they fail.
import type { GroupTransport, TransportContext, TransportError } from '@kohort/core/spi';
import { expect } from 'vitest';
import { type TcpTransportOptions, tcpTransport } from '../../src/index.ts';

export const FIVE_SECONDS = { timeoutMs: 5_000 };
export const HEARTBEAT = { groupId: 'g', generationId: 3, memberId: 'm' };

const realTime = {
  monotonic: () => performance.now(),
  wall: () => Date.now(),
  setTimer(callback: () => void, delayMs: number) {
    const timer = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};

export function transportTo(
  brokers: readonly string[],
  options: Omit<TcpTransportOptions, 'brokers'> = {},
  context: Partial<TransportContext> = {},
): GroupTransport {
  const { signal } = new AbortController();
  return tcpTransport({ brokers, ...options }).create({
    clientId: 'kohort',
    groupId: 'g',
    clock: realTime,
    signal,
    ...context,
  });
}

/** Resolves when `condition` holds; a bound, not a sleep. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('waited 5 seconds in vain');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** How connecting fails; nothing is left of it afterwards. */
export async function failing(
  brokers: readonly string[],
  options: Omit<TcpTransportOptions, 'brokers'> = {},
  timeoutMs = 5_000,
): Promise<TransportError> {
  const transport = transportTo(brokers, options);
  const failure = await transport.connect({ timeoutMs }).then(
    () => undefined,
    (error: unknown) => error,
  );
  await transport.close();
  expect(failure).toMatchObject({ code: 'KOHORT_TRANSPORT', sent: 'no' });
  return failure as TransportError;
}
