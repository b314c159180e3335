/** The suite catches wrong clocks, each by the law that it breaks. They are made from the virtual clock, which keeps all. */
import type { Clock, Timer } from '@kohort/core/spi';
import { type ClockUnderTest, clockConformance, type VirtualClock, virtualClock } from '../../src/index.ts';
import { type Exhibit, museum } from '../museum/exhibit.ts';

/** A sound clock but for some of its methods. */
function but(change: (sound: VirtualClock) => Partial<Clock>): () => ClockUnderTest {
  return () => {
    const sound = virtualClock();
    const clock = {
      monotonic: () => sound.monotonic(),
      wall: () => sound.wall(),
      setTimer: (callback: () => void, delayMs: number) => sound.setTimer(callback, delayMs),
      ...change(sound),
    };
    return { clock, pass: (ms) => sound.advance(ms) };
  };
}

const exhibits: readonly Exhibit<() => ClockUnderTest>[] = [
  {
    law: 'milliseconds',
    fault: 'shows seconds',
    make: but((sound) => ({ monotonic: () => sound.monotonic() / 1_000 })),
  },
  {
    law: 'milliseconds',
    fault: 'has a wall that stands still',
    make: but((sound) => {
      const start = sound.wall();
      return { wall: () => start };
    }),
  },
  {
    law: 'epoch',
    fault: 'has one time for both readings',
    make: but((sound) => ({ wall: () => sound.monotonic() })),
  },
  {
    law: 'forward',
    fault: 'follows a wall that is set back',
    make: but((sound) => ({ monotonic: () => sound.wall() - (sound.monotonic() > 4 ? 60_000 : 0) })),
  },
  {
    law: 'later',
    fault: 'fires at once what has no delay',
    make: but((sound) => ({
      setTimer(callback, delayMs) {
        if (delayMs <= 0) callback();
        return sound.setTimer(callback, delayMs);
      },
    })),
  },
  {
    law: 'later',
    fault: 'forgets what has no delay',
    make: but((sound) => ({
      setTimer: (callback, delayMs) =>
        delayMs > 0 ? sound.setTimer(callback, delayMs) : { cancel: () => undefined },
    })),
  },
  {
    law: 'once',
    fault: 'fires again and again',
    make: but((sound) => ({
      setTimer(callback, delayMs) {
        const again = () => {
          callback();
          sound.setTimer(again, 10);
        };
        return sound.setTimer(again, delayMs);
      },
    })),
  },
  {
    law: 'not early',
    fault: 'fires after half of the delay',
    make: but((sound) => ({ setTimer: (callback, delayMs) => sound.setTimer(callback, delayMs / 2) })),
  },
  {
    law: 'order',
    fault: 'counts in steps of a quarter of a second, and fires in the order of arming',
    make: but((sound) => ({
      setTimer: (callback, delayMs) => sound.setTimer(callback, delayMs > 1 ? 40 : 0),
    })),
  },
  {
    law: 'each',
    fault: 'knows timers by their callbacks',
    make: but((sound) => {
      const timers = new Map<() => void, Timer>();
      return {
        setTimer(callback, delayMs) {
          timers.get(callback)?.cancel();
          const timer = sound.setTimer(callback, delayMs);
          timers.set(callback, timer);
          return timer;
        },
      };
    }),
  },
  {
    law: 'chain',
    fault: 'loses what a callback arms',
    make: but((sound) => {
      let firing = false;
      return {
        setTimer(callback, delayMs) {
          if (firing) return { cancel: () => undefined };
          return sound.setTimer(() => {
            firing = true;
            callback();
            firing = false;
          }, delayMs);
        },
      };
    }),
  },
  {
    law: 'far',
    fault: 'keeps 32 bits of a delay',
    make: but((sound) => ({ setTimer: (callback, delayMs) => sound.setTimer(callback, delayMs | 0) })),
  },
  {
    law: 'cancelled',
    fault: 'does not cancel',
    make: but((sound) => ({
      setTimer(callback, delayMs) {
        sound.setTimer(callback, delayMs);
        return { cancel: () => undefined };
      },
    })),
  },
  {
    law: 'twice',
    fault: 'cancels a place that somebody else has by then',
    make: but((sound) => {
      const places = new Map<number, Timer>();
      return {
        setTimer(callback, delayMs) {
          const place = [0, 1, 2, 3].find((free) => !places.has(free)) ?? 4;
          const timer = sound.setTimer(() => {
            places.delete(place);
            callback();
          }, delayMs);
          places.set(place, timer);
          const cancel = () => {
            places.get(place)?.cancel();
            places.delete(place);
          };
          return { cancel };
        },
      };
    }),
  },
  {
    law: 'within',
    fault: 'takes out all that is due before it fires the first',
    make: but((sound) => {
      let due: (() => void)[] = [];
      return {
        setTimer(callback, delayMs) {
          const timer = sound.setTimer(() => {
            if (due.push(callback) > 1) return;
            sound.setTimer(() => {
              const fired = due;
              due = [];
              for (const one of fired) one();
            }, 0);
          }, delayMs);
          return timer;
        },
      };
    }),
  },
];

museum(exhibits, clockConformance);
