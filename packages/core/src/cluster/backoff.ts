/** Exponential backoff with jitter, and waiting for it on the group's clock. */
import type { Clock } from '../contracts/clock.ts';

export interface BackoffPolicy {
  /** Milliseconds before the first retry. */
  readonly initial: number;
  /** Milliseconds between retries at most, before jitter. */
  readonly max: number;
  /** Share by which a delay is varied, up and down: 0.2 is plus or minus 20 %. */
  readonly jitter: number;
}

/** @param failures consecutive ones, from 1 @returns milliseconds */
export function backoffDelay(policy: BackoffPolicy, failures: number, random: () => number): number {
  return jittered(policy, Math.min(policy.max, policy.initial * 2 ** Math.min(failures - 1, 20)), random);
}

/** Varies a delay, so that members that failed together do not return together. */
export function jittered(policy: BackoffPolicy, delayMs: number, random: () => number): number {
  return delayMs * (1 + policy.jitter * (2 * random() - 1));
}

/** Resolves after `delayMs`, or as soon as one of the signals aborts. Never rejects; leaves no timer and no listener. */
export function pause(clock: Clock, delayMs: number, ...signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    if (signals.some(({ aborted }) => aborted)) {
      resolve();
      return;
    }
    const done = () => {
      timer.cancel();
      for (const signal of signals) signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = clock.setTimer(done, delayMs);
    for (const signal of signals) signal.addEventListener('abort', done);
  });
}
