// Transports over a scripted server, and what every test wants to know of them.
import type {
  BrokerAddress,
  Clock,
  GroupTransport,
  TransportContext,
  TransportError,
} from '@kohort/core/spi';
import type { ScriptedServer } from '@kohort/testkit';
import type { KafkaConfig } from 'kafkajs';
import { expect } from 'vitest';
import { type KafkajsTransportOptions, kafkajsTransport } from '../../src/index.ts';

/** Real time, which a test may jump ahead. */
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

export function contextWith(overrides: Partial<TransportContext> = {}): TransportContext {
  const signal = new AbortController().signal;
  return { clientId: 'kohort', groupId: 'g', clock: new JumpingClock(), signal, ...overrides };
}

export interface SetupOptions {
  readonly config?: Partial<KafkaConfig>;
  readonly context?: Partial<TransportContext>;
  readonly options?: KafkajsTransportOptions;
}

export function transportTo(server: { readonly address: string }, setup: SetupOptions = {}): GroupTransport {
  const { config, context, options } = setup;
  return kafkajsTransport({ brokers: [server.address], ...config }, options).create(contextWith(context));
}

export function nodeOf(server: ScriptedServer): BrokerAddress {
  return { nodeId: 1, host: '127.0.0.1', port: server.port };
}

export const FIVE_SECONDS = { timeoutMs: 5_000 };
export const HEARTBEAT = { groupId: 'g', generationId: 3, memberId: 'm' };
/** What the call rejects with, which must be a TransportError. */
export async function failureOf(call: Promise<unknown>): Promise<TransportError> {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(outcome).toMatchObject({ code: 'KOHORT_TRANSPORT' });
  return outcome as TransportError;
}

/** Resolves when `condition` holds; a bound, not a sleep. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('waited 5 seconds in vain');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
