/** The embedded broker in memory, under virtual time: everything is deterministic, and an hour takes milliseconds. */
import { type VirtualClock, virtualClock } from '@kohort/testkit';
import type { Backend, BackendKind, Capability, Times } from './backend.ts';
import { embeddedCluster, startEmbedded } from './embedded-cluster.ts';

/** Kohort's defaults. */
const TIMES: Times = {
  sessionTimeout: 30_000,
  heartbeatInterval: 5_000,
  rebalanceTimeout: 90_000,
  metadataMaxAge: 60_000,
  commitInterval: 5_000,
  fetchMaxWait: 500,
  closeTimeout: 20_000,
  retryBackoff: { initial: 100, max: 1_000 },
  patience: 600_000,
};

const LACKS: ReadonlyMap<Capability, string> = new Map([
  ['sockets', 'in memory there are no sockets'],
  ['sasl sessions', 'in memory nobody authenticates'],
  ['all codecs', 'the embedded broker writes gzip and nothing else'],
]);

/** A backend whose clock the scenario may also take in hand. */
export interface VirtualBackend extends Backend {
  readonly clock: VirtualClock;
}

export const memoryBackend: BackendKind = {
  name: 'embedded broker in memory, virtual time',
  lacks: (capability) => LACKS.get(capability),
  open: async (setup) => {
    const clock = virtualClock({ origins: true });
    const broker = startEmbedded(setup, clock);
    const backend: VirtualBackend = {
      name: 'memory',
      times: TIMES,
      clock,
      ...embeddedCluster(broker),
      transport: () => broker.transport(),
      until: (what, holds, limitMs = TIMES.patience) => named(what, clock.runUntil(holds, { limitMs })),
      eventually: async (what, holds, limitMs = TIMES.patience) => {
        const deadline = clock.monotonic() + limitMs;
        while (!(await holds())) {
          if (clock.monotonic() > deadline) throw new Error(`waited ${limitMs} ms in vain until ${what}`);
          await clock.advance(10);
        }
      },
      settled: (promise, limitMs = TIMES.patience) => clock.runUntil(promise, { limitMs }),
      pass: (ms) => clock.advance(ms),
      close: async () => {
        await broker.close();
        if (clock.pending > 0)
          throw new Error(`timers are left behind: ${JSON.stringify(clock.pendingTimers())}`);
      },
    };
    return backend;
  },
};

async function named(what: string, wait: Promise<void>): Promise<void> {
  try {
    await wait;
  } catch (error) {
    throw new Error(`waited in vain until ${what}`, { cause: error });
  }
}
