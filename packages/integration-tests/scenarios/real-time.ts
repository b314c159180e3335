/** Waiting in real time: conditions are looked at often, and every wait is bounded. */
import { systemClock } from '@kohort/core/spi';
import type { Backend } from './backend.ts';
import { sleep } from './backend.ts';

const LOOK_EVERY_MS = 5;
const ASK_EVERY_MS = 50;

type Waits = Pick<Backend, 'clock' | 'until' | 'eventually' | 'settled' | 'pass'>;

/** @param patience milliseconds that a wait may take unless it says otherwise */
export function realTimeWaits(patience: number): Waits {
  return {
    clock: systemClock,
    until: (what, holds, limitMs = patience) => poll(what, async () => holds(), limitMs, LOOK_EVERY_MS),
    eventually: (what, holds, limitMs = patience) => poll(what, holds, limitMs, ASK_EVERY_MS),
    settled: (promise, limitMs = patience) => bounded(promise, limitMs),
    pass: (ms) => sleep(systemClock, ms),
  };
}

async function poll(
  what: string,
  holds: () => Promise<boolean>,
  limitMs: number,
  everyMs: number,
): Promise<void> {
  const deadline = systemClock.monotonic() + limitMs;
  while (!(await holds())) {
    if (systemClock.monotonic() > deadline) throw new Error(`waited ${limitMs} ms in vain until ${what}`);
    await sleep(systemClock, everyMs);
  }
}

async function bounded<T>(promise: PromiseLike<T>, limitMs: number): Promise<T> {
  let giveUp: (error: Error) => void = () => undefined;
  const late = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  const timer = systemClock.setTimer(
    () => giveUp(new Error(`waited ${limitMs} ms in vain for a promise to settle`)),
    limitMs,
  );
  try {
    return await Promise.race([promise, late]);
  } finally {
    timer.cancel();
  }
}
