/** Closing by process signals. Signals are emitted on `process`, not sent: the test must outlive them. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CloseResult } from '../../src/contracts/consumer.ts';
import type { Group } from '../../src/contracts/group.ts';
import type { HookLike, KohortEvent } from '../../src/contracts/hooks.ts';
import { closeOnSignal } from '../../src/runtime/close-on-signal.ts';

const SIGNAL = 'SIGUSR2';

class FakeGroup {
  readonly closes: unknown[] = [];
  readonly hooks = new Set<HookLike>();
  finish: (result: CloseResult) => void = () => undefined;

  close(options: unknown): Promise<CloseResult> {
    this.closes.push(options);
    return new Promise((resolve) => {
      this.finish = resolve;
    });
  }

  subscribe(hook: HookLike): () => void {
    this.hooks.add(hook);
    return () => this.hooks.delete(hook);
  }

  tell(to: string): void {
    for (const hook of this.hooks)
      if (typeof hook !== 'function') hook.onEvent({ type: 'member.state', to } as KohortEvent);
  }
}

function started() {
  const group = new FakeGroup();
  const stop = closeOnSignal(group as Partial<Group> as Group, { signals: [SIGNAL], timeout: 7_000 });
  return { group, stop };
}

afterEach(() => {
  vi.restoreAllMocks();
  process.removeAllListeners(SIGNAL);
});

describe('closeOnSignal', () => {
  it('P7: closes at the first signal, and leaves no listener when the group has ended', async () => {
    const { group } = started();
    process.emit(SIGNAL, SIGNAL);
    expect(group.closes).toEqual([{ timeout: 7_000 }]);
    group.finish({ drained: true, abandoned: [], left: true });
    await vi.waitFor(() => expect(process.listenerCount(SIGNAL)).toBe(0));
    expect(group.hooks.size).toBe(0);
  });

  it('a second signal has its usual effect on the process', () => {
    const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
    const { group } = started();
    process.emit(SIGNAL, SIGNAL);
    process.emit(SIGNAL, SIGNAL);
    expect(kill).toHaveBeenCalledWith(process.pid, SIGNAL);
    expect(group.closes).toHaveLength(1);
    expect(process.listenerCount(SIGNAL)).toBe(0);
  });

  it.each(['closed', 'terminal'])('a group that is %s by itself no longer holds the signal', (state) => {
    const { group } = started();
    group.tell('stable');
    expect(process.listenerCount(SIGNAL)).toBe(1);
    group.tell(state);
    expect(process.listenerCount(SIGNAL)).toBe(0);
  });

  it('can be told to stop listening', () => {
    const { stop } = started();
    stop();
    expect(process.listenerCount(SIGNAL)).toBe(0);
  });
});
