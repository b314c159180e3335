import { gzip } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type VirtualClock, virtualClock } from '../src/index.ts';

function sleep(clock: VirtualClock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.setTimer(resolve, ms);
  });
}

describe('time', () => {
  it('stands still until it is moved', async () => {
    const clock = virtualClock({ startAt: 1_000 });
    let fired = false;
    clock.setTimer(() => {
      fired = true;
    }, 0);
    await clock.settle();
    expect([clock.monotonic(), clock.wall(), fired]).toEqual([0, 1_000, false]);
    await clock.advance(5);
    expect([clock.monotonic(), clock.wall(), fired]).toEqual([5, 1_005, true]);
  });

  it('fires by due time, then by order of arming, each at its own moment', async () => {
    const clock = virtualClock();
    const seen: string[] = [];
    const arm = (name: string, ms: number) =>
      clock.setTimer(() => seen.push(`${name}@${clock.monotonic()}`), ms);
    arm('c', 30);
    arm('a', 10);
    arm('b1', 20);
    arm('b2', 20);
    arm('late', 31);
    await clock.advance(30);
    expect(seen).toEqual(['a@10', 'b1@20', 'b2@20', 'c@30']);
    expect(clock.pending).toBe(1);
  });

  it('fires timers that are armed on the way, if they are due', async () => {
    const clock = virtualClock();
    const seen: number[] = [];
    const tick = () => {
      seen.push(clock.monotonic());
      clock.setTimer(tick, 10);
    };
    clock.setTimer(tick, 10);
    await clock.advance(35);
    expect(seen).toEqual([10, 20, 30]);
    expect(clock.monotonic()).toBe(35);
  });

  it('lets awaits, ticks, microtasks and one immediate run between two timers', async () => {
    const clock = virtualClock();
    const seen: string[] = [];
    const work = async () => {
      for (let i = 0; i < 50; i++) await null;
      await new Promise<void>((resolve) => process.nextTick(resolve));
      await new Promise<void>((resolve) => queueMicrotask(resolve));
      await new Promise<void>((resolve) => setImmediate(resolve));
      seen.push(`work at ${clock.monotonic()}`);
      await sleep(clock, 0);
      seen.push(`zero delay at ${clock.monotonic()}`);
    };
    clock.setTimer(() => void work(), 10);
    clock.setTimer(() => seen.push(`other at ${clock.monotonic()}`), 11);
    await clock.advance(20);
    expect(seen).toEqual(['work at 10', 'zero delay at 10', 'other at 11']);
  });

  it('forgets cancelled timers, twice and after firing too', async () => {
    const clock = virtualClock();
    let fired = 0;
    const count = () => {
      fired += 1;
    };
    const cancelled = clock.setTimer(count, 1);
    const kept = clock.setTimer(count, 2);
    cancelled.cancel();
    cancelled.cancel();
    expect(clock.pending).toBe(1);
    await clock.advance(5);
    kept.cancel();
    expect([fired, clock.pending]).toEqual([1, 0]);
  });

  it('keeps order when most of many timers are cancelled', async () => {
    const clock = virtualClock();
    const seen: number[] = [];
    const timers = Array.from({ length: 500 }, (_, i) => {
      const due = (i * 7919) % 500;
      return { due, timer: clock.setTimer(() => seen.push(due), due) };
    });
    for (const { due, timer } of timers) if (due % 5 !== 0) timer.cancel();
    expect(clock.pending).toBe(100);
    await clock.advance(500);
    expect(seen).toEqual(Array.from({ length: 100 }, (_, i) => i * 5));
  });

  it('refuses delays that are no number, and going back', async () => {
    const clock = virtualClock();
    expect(() => clock.setTimer(() => {}, Number.NaN)).toThrow(RangeError);
    expect(() => clock.setTimer(() => {}, Number.POSITIVE_INFINITY)).toThrow(RangeError);
    await expect(clock.advance(-1)).rejects.toThrow(RangeError);
    await expect(clock.advance(Number.NaN)).rejects.toThrow(RangeError);
  });

  it('hands on what a timer throws, and can go on afterwards', async () => {
    const clock = virtualClock();
    clock.setTimer(() => {
      throw new Error('from a timer');
    }, 1);
    await expect(clock.advance(2)).rejects.toThrow('from a timer');
    await clock.advance(2);
    expect(clock.monotonic()).toBe(3);
  });
});

describe('runUntil', () => {
  it('runs until a promise settles, and no further', async () => {
    const clock = virtualClock();
    const hour = sleep(clock, 3_600_000).then(() => 'done');
    void sleep(clock, 3_600_001);
    await expect(clock.runUntil(hour, { limitMs: 3_600_000 })).resolves.toBe('done');
    expect([clock.monotonic(), clock.pending]).toEqual([3_600_000, 1]);
  });

  it('rejects as the promise does', async () => {
    const clock = virtualClock();
    const failing = sleep(clock, 5).then(() => Promise.reject(new Error('the promise’s own')));
    await expect(clock.runUntil(failing)).rejects.toThrow('the promise’s own');
  });

  it('takes a condition, and a function that starts something', async () => {
    const clock = virtualClock();
    let ticks = 0;
    const tick = () => {
      ticks += 1;
      clock.setTimer(tick, 100);
    };
    clock.setTimer(tick, 100);
    await clock.runUntil(() => ticks === 7);
    expect(clock.monotonic()).toBe(700);
    await expect(clock.runUntil(() => sleep(clock, 250).then(() => 42))).resolves.toBe(42);
    expect(clock.monotonic()).toBe(950);
  });

  it('names the pending timers when the limit of time is hit', async () => {
    const clock = virtualClock();
    clock.setTimer(function heartbeat() {}, 70_000);
    await expect(clock.runUntil(new Promise(() => {}), { limitMs: 60_000 })).rejects.toThrow(
      'runUntil(promise): not finished after 60000 ms of virtual time. 1 pending: in 70000 ms: heartbeat',
    );
    expect(clock.pending).toBe(1);
  });

  it('says where timers were armed, when asked to', async () => {
    const clock = virtualClock({ origins: true });
    clock.setTimer(() => {}, 5);
    expect(clock.pendingTimers()[0]?.origin).toContain('virtual-clock.test.ts');
  });

  it('ends when nothing is left that could make the condition true', async () => {
    const clock = virtualClock();
    void sleep(clock, 5);
    await expect(clock.runUntil(() => false)).rejects.toThrow(
      'no timer is left that could finish it, at 5 ms',
    );
  });

  it('ends when timers fire without end, with time and without', async () => {
    const clock = virtualClock({ settleTurns: 0 });
    const loop = (ms: number) => {
      const again = () => {
        clock.setTimer(again, ms);
      };
      again();
    };
    loop(1);
    await expect(clock.runUntil(() => false, { limitTimers: 500 })).rejects.toThrow('500 timers have fired');
    loop(0);
    await expect(clock.advance(1)).rejects.toThrow('time does not move');
  });

  it('waits for real work of a thread when no timer is armed', async () => {
    const clock = virtualClock();
    const zipped = new Promise<number>((resolve, reject) => {
      gzip(Buffer.from('x'), (error, bytes) => (error ? reject(error) : resolve(bytes.length)));
    });
    await expect(clock.runUntil(zipped)).resolves.toBeGreaterThan(0);
  });

  it('waits for it on a busy machine, where a thread takes longer than many turns of the event loop', async () => {
    const later = new Promise<string>((resolve) => setTimeout(resolve, 50, 'done'));
    await expect(virtualClock().runUntil(later)).resolves.toBe('done');
  });

  it('refuses a second run at the same time', async () => {
    const clock = virtualClock();
    const first = clock.advance(10);
    await expect(clock.runUntil(() => true)).rejects.toThrow('already running');
    await first;
    expect(clock.monotonic()).toBe(10);
  });
});

describe('runUntilIdle', () => {
  it('fires everything, also what is armed on the way', async () => {
    const clock = virtualClock();
    let last = 0;
    clock.setTimer(() => {
      void sleep(clock, 100).then(() => {
        last = clock.monotonic();
      });
    }, 50);
    await clock.runUntilIdle();
    expect([last, clock.pending]).toEqual([150, 0]);
  });

  it('ends at its limit under a periodic timer', async () => {
    const clock = virtualClock();
    const again = () => {
      clock.setTimer(again, 1_000);
    };
    again();
    await expect(clock.runUntilIdle({ limitMs: 10_000 })).rejects.toThrow('not finished after 10000 ms');
  });
});

describe('faults of time', () => {
  it('suspend moves wall time only', async () => {
    const clock = virtualClock({ startAt: 0 });
    let firedAt = -1;
    clock.setTimer(() => {
      firedAt = clock.wall();
    }, 10);
    clock.suspend(60_000);
    expect([clock.monotonic(), clock.wall()]).toEqual([0, 60_000]);
    await clock.advance(10);
    expect([clock.monotonic(), firedAt]).toEqual([10, 60_010]);
  });

  it('blockEventLoop moves both, and late timers fire in order afterwards, at the late time', async () => {
    const clock = virtualClock({ startAt: 0 });
    const seen: string[] = [];
    clock.setTimer(() => seen.push(`b@${clock.monotonic()}`), 20);
    clock.setTimer(() => {
      seen.push(`a@${clock.monotonic()}`);
      clock.setTimer(() => seen.push(`armed late@${clock.monotonic()}`), 5);
    }, 10);
    clock.blockEventLoop(1_000);
    expect([clock.monotonic(), clock.wall(), seen.length]).toEqual([1_000, 1_000, 0]);
    await clock.advance(0);
    expect(seen).toEqual(['a@1000', 'b@1000']);
    await clock.advance(5);
    expect(seen.at(-1)).toBe('armed late@1005');
  });

  it('blockEventLoop inside a timer carries the running clock beyond its goal', async () => {
    const clock = virtualClock();
    const seen: number[] = [];
    clock.setTimer(() => clock.blockEventLoop(500), 10);
    clock.setTimer(() => seen.push(clock.monotonic()), 20);
    await clock.advance(30);
    expect([clock.monotonic(), ...seen]).toEqual([510, 510]);
  });

  it('setWall sets wall time, back too, and leaves timers alone', async () => {
    const clock = virtualClock();
    clock.setTimer(() => {}, 10);
    clock.setWall(5);
    expect([clock.wall(), clock.pendingTimers()[0]?.inMs]).toEqual([5, 10]);
    await clock.advance(10);
    expect([clock.wall(), clock.pending]).toEqual([15, 0]);
  });
});
