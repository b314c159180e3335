// Looks a process up by its id, to prove that it is gone.

import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

/** Whether `pid` still runs; a process that ended and waits to be collected by its parent does not. */
function isRunning(pid: number): Promise<boolean> {
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'stat=', '-p', String(pid)], (_error, stdout) => {
      const state = stdout.trim();
      resolve(state !== '' && !state.startsWith('Z'));
    });
  });
}

/** Those of `pids` that still run after `withinMs`; returns as soon as none does. */
export async function stillRunning(pids: readonly number[], withinMs: number): Promise<readonly number[]> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const states = await Promise.all(pids.map(isRunning));
    const left = pids.filter((_, index) => states[index]);
    if (left.length === 0 || performance.now() > deadline) return left;
    await delay(50);
  }
}
